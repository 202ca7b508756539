/**
 * Real engines for tests, each in a process of its own, which tests can kill and start again on the
 * same port and the same data: a Kafka broker and ClickHouse. Knows nothing else of Carillon, so
 * that every module can use it in its tests.
 */
@NullMarked
package dev.carillon.testkit.engines;

import org.jspecify.annotations.NullMarked;
