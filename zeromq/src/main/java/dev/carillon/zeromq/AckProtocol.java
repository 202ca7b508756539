package dev.carillon.zeromq;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a proxy answers for each event. A publisher's DEALER sends it to the acknowledging port's
 * ROUTER as four frames and gets four back, not always in the order in which it sent:
 *
 * <pre>
 * CB1, id, topic, payload
 * CB1, id, status, detail
 * </pre>
 *
 * <p>The publisher chooses the id, of 1 to 256 bytes. The payload may be gzipped ({@link Gzip});
 * the other frames are UTF-8. A status is the name of a {@link Status}; the detail says why an
 * event is not accepted, and is empty where it is.
 */
public final class AckProtocol {

  private static final byte[] VERSION = "CB1".getBytes(UTF_8);

  /** What became of an event. */
  public enum Status {
    /** It is on disk. */
    STORED,
    /** It was passed on, which is all that happens to it. */
    ACKNOWLEDGED,
    /** It was not taken now; later it may be. */
    BUSY,
    /** It will never be taken. */
    REJECTED;

    private static final Map<String, Status> BY_NAME =
        Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(Status::name, status -> status));

    /** The status of a name; empty for one that only a later version may know. */
    public static Optional<Status> named(String name) {
      return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Whether the proxy has the event. */
    public boolean isAccepted() {
      return this == STORED || this == ACKNOWLEDGED;
    }
  }

  private AckProtocol() {}

  /** The first frame of each message; a new array each time. */
  public static byte[] version() {
    return VERSION.clone();
  }

  /** Whether a frame is the first one of a message of this version. */
  public static boolean isVersion(byte[] frame) {
    return Arrays.equals(frame, VERSION);
  }
}
