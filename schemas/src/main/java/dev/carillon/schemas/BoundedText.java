package dev.carillon.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** The body of an answer, in UTF-8, up to a limit: what goes beyond it ends the exchange. */
final class BoundedText implements Consumer<Optional<byte[]>> {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final int limit;

  BoundedText(int limit) {
    this.limit = limit;
  }

  @Override
  public void accept(Optional<byte[]> part) {
    part.ifPresent(
        more -> {
          if (more.length > limit - bytes.size()) {
            throw new UncheckedIOException(
                new IOException("the answer is larger than " + limit + " bytes"));
          }
          bytes.writeBytes(more);
        });
  }

  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
