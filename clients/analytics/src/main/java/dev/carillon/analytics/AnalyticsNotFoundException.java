package dev.carillon.analytics;

/**
 * The service has no such thing (404). Reading an event that does not exist is no failure: {@link
 * AnalyticsClient#getEvent} is empty then.
 */
public final class AnalyticsNotFoundException extends AnalyticsException {

  private static final long serialVersionUID = 1L;

  AnalyticsNotFoundException(String message, int status, String body) {
    super(message, status, body, false, null, null);
  }
}
