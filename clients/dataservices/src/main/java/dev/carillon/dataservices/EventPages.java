package dev.carillon.dataservices;

import dev.carillon.core.EventException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Goes through the answers to a query, a page at a time, until a page is empty. Pages that are too
 * large for the server become smaller.
 */
final class EventPages implements Iterator<StoredEvent> {

  /** Fetches the page that begins at an offset. */
  interface Fetch {
    List<StoredEvent> from(long offset, int pageSize);
  }

  private final Fetch fetch;
  private int pageSize;
  private List<StoredEvent> page = List.of();
  private int position;
  private long offset;
  private boolean ended;

  EventPages(Fetch fetch, int pageSize) {
    this.fetch = fetch;
    this.pageSize = pageSize;
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
    List<StoredEvent> next = fetch();
    if (isPageAgain(next)) { // from the newest, this is so when as many have come in meanwhile
      offset += Math.min(page.size(), next.size());
      next = fetch();
      if (isPageAgain(next)) {
        throw new EventException(
            "the server gives the same page again and again, as if it knew no offset",
            false,
            false,
            null,
            null);
      }
    }
    page = next;
    position = 0;
    offset += next.size();
    ended = next.isEmpty();
  }

  private boolean isPageAgain(List<StoredEvent> next) {
    if (next.isEmpty() || page.isEmpty()) {
      return false;
    }
    String first = next.get(0).id();
    return first != null && first.equals(page.get(0).id());
  }

  private List<StoredEvent> fetch() {
    while (true) {
      try {
        return fetch.from(offset, pageSize);
      } catch (EventHttpException e) {
        if (pageSize == 1 || !saysTooMany(e)) {
          throw e;
        }
        pageSize /= 2;
      }
    }
  }

  private static boolean saysTooMany(EventHttpException refused) {
    return refused.problem().stream()
        .flatMap(problem -> problem.errors().stream())
        .anyMatch(wrong -> wrong.field().equals("limit"));
  }

  @Override
  public StoredEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.get(position++);
  }
}
