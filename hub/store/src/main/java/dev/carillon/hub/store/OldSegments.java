package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of a journal that are written no more, each given up once what it holds is stored
 * elsewhere. Used by one thread, but for {@link #leaveAlone}.
 */
final class OldSegments {

  private static final Logger log = LoggerFactory.getLogger(OldSegments.class);

  private final Path folder;
  private volatile long failed = -1; // where the segment begins that could not be written

  // Of the segments as they were listed last.
  private long newest;
  private long behindOldest; // where the second one begins; 0 if there was one only

  OldSegments(Path folder) {
    this.folder = folder;
  }

  /** Notes the segment that could not be written: its room is not to be used again. */
  void leaveAlone(long first) {
    failed = first;
  }

  /**
   * Gives up the segments that hold nothing above a position which is stored elsewhere.
   *
   * @param current where the segment begins that is being written
   */
  void forgetUpTo(long stored, long current) {
    if (behindOldest > 0 ? stored + 1 < behindOldest : current == newest) {
      return; // nothing to give up, without looking
    }
    try {
      List<Path> segments = Segment.list(folder);
      long behind = 0;
      for (int i = 0; i + 1 < segments.size() && behind == 0; i++) {
        long second = Segment.firstOf(segments.get(i + 1));
        if (second <= stored + 1) {
          forget(segments.get(i));
        } else {
          behind = second;
        }
      }
      behindOldest = behind;
      newest = current;
    } catch (IOException | RuntimeException e) { // what is listed may fail as it is read
      log.warn("cannot give up journal segments that are no longer needed: {}", e.toString());
    }
  }

  private void forget(Path old) throws IOException {
    if (Segment.firstOf(old) == failed) {
      Files.deleteIfExists(old);
    } else {
      Segment.giveUp(old);
    }
  }
}
