package dev.carillon.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;

/** Text that holds no event message; the message says what is wrong with it. */
final class BadMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  BadMessageException(String message) {
    super(message);
  }

  /** What is wrong with a text that is no JSON, without what Jackson says of its own settings. */
  static BadMessageException notJson(IOException e) {
    return new BadMessageException(
        "not JSON: "
            + (e instanceof JsonProcessingException json
                ? json.getOriginalMessage().replaceAll("\\[Source: [^;]*; ", "[")
                : e.getMessage()));
  }
}
