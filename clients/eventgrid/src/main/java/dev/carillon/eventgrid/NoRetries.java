package dev.carillon.eventgrid;

import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.RequestRetryCondition;
import com.azure.core.http.policy.RetryStrategy;
import java.time.Duration;

/**
 * Never retries. It allows one retry and then finds no reason for it, since with none allowed the
 * SDK logs at every request that retries are exhausted.
 */
final class NoRetries implements RetryStrategy {

  @Override
  public int getMaxRetries() {
    return 1;
  }

  @Override
  public Duration calculateRetryDelay(int attempts) {
    return Duration.ZERO;
  }

  @Override
  public boolean shouldRetry(HttpResponse answer) {
    return false;
  }

  @Override
  public boolean shouldRetryException(Throwable error) {
    return false;
  }

  @Override
  public boolean shouldRetryCondition(RequestRetryCondition condition) {
    return false;
  }
}
