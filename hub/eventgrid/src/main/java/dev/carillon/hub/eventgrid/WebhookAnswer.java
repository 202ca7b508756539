package dev.carillon.hub.eventgrid;

/**
 * What came of one request to a webhook.
 *
 * @param status its answer; 0 for none
 * @param outcome in Azure's words, {@code Succeeded} or why not
 * @param body the answer's body, its beginning
 * @param allowedOrigin the answer's header {@code WebHook-Allowed-Origin}; empty for none
 */
record WebhookAnswer(int status, String outcome, String body, String allowedOrigin) {

  static WebhookAnswer none(String outcome) {
    return new WebhookAnswer(0, outcome, "", "");
  }

  static WebhookAnswer of(int status, String body, String allowedOrigin) {
    String outcome =
        switch (status) {
          case 200, 201, 202, 203, 204 -> "Succeeded";
          case 400 -> "BadRequest";
          case 401 -> "Unauthorized";
          case 403 -> "Forbidden";
          case 404 -> "NotFound";
          case 408 -> "TimedOut";
          case 413 -> "PayloadTooLarge";
          case 429, 503 -> "Busy";
          default -> status >= 300 && status < 400 ? "RedirectNotFollowed" : "GenericError";
        };
    return new WebhookAnswer(status, outcome, body, allowedOrigin);
  }

  boolean succeeded() {
    return outcome.equals("Succeeded");
  }

  /** Whether trying again is pointless. */
  boolean isFinal() {
    return status == 400 || status == 401 || status == 403 || status == 413;
  }
}
