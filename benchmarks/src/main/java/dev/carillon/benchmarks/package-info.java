/** Benchmarks of whole processes, each beside a peer in the same run. */
@NullMarked
package dev.carillon.benchmarks;

import org.jspecify.annotations.NullMarked;
