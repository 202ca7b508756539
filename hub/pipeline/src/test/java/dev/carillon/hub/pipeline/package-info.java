/** Tests of the pipeline, over a real Kafka broker and the real ClickHouse engine. */
@NullMarked
package dev.carillon.hub.pipeline;

import org.jspecify.annotations.NullMarked;
