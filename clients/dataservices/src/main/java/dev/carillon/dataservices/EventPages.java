package dev.carillon.dataservices;

import dev.carillon.core.EventException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Goes through the answers to a query, a page at a time, until a page is empty. */
final class EventPages implements Iterator<StoredEvent> {

  /** Fetches the page that begins at an offset. */
  interface Fetch {
    List<StoredEvent> from(long offset);
  }

  private final Fetch fetch;
  private List<StoredEvent> page = List.of();
  private int position;
  private long offset;
  private boolean ended;

  EventPages(Fetch fetch) {
    this.fetch = fetch;
  }

  @Override
  public boolean hasNext() {
    if (position == page.size() && !ended) {
      turn();
    }
    return position < page.size();
  }

  // a short page is no end: a server may give less at a time than it was asked for
  private void turn() {
    List<StoredEvent> next = fetch.from(offset);
    if (!next.isEmpty() && !page.isEmpty() && isSame(page.get(0).id(), next.get(0).id())) {
      throw new EventException(
          "the server gives the same page again, as if it knew no offset",
          false,
          false,
          null,
          null);
    }
    page = next;
    position = 0;
    offset += next.size();
    ended = next.isEmpty();
  }

  private static boolean isSame(@Nullable String id, @Nullable String other) {
    return id != null && id.equals(other);
  }

  @Override
  public StoredEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.get(position++);
  }
}
