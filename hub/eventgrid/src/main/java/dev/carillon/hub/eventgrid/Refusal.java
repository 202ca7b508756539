package dev.carillon.hub.eventgrid;

/**
 * Why a publisher is not let in.
 *
 * @param status the HTTP status: 400, 401, 404 or 503
 * @param message what is wrong, without echoing credentials
 */
public record Refusal(int status, String message) {

  static Refusal unauthorized(String message) {
    return new Refusal(401, message);
  }
}
