/**
 * Sinks around a sink, and what makes events for one, that serve every transport alike: enrichment,
 * coalescing of single sends into batches, events from templates, and routing by aggregate type.
 */
@NullMarked
package dev.carillon.sinks;

import org.jspecify.annotations.NullMarked;
