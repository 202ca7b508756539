/**
 * Policies around a sink, or around any call that returns a future: retry, circuit breaker, timeout
 * and rate limit. Policies are values and know nothing of events; failures say themselves whether
 * trying again can help. The arithmetic is Failsafe's, the waiting holds no thread.
 */
@NullMarked
package dev.carillon.resilience;

import org.jspecify.annotations.NullMarked;
