package dev.carillon.eventbus;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQ;
import org.zeromq.ZMonitor;

/** A client's connections, which are good only together. Used by the I/O thread. */
final class Links {

  private static final Logger log = LoggerFactory.getLogger(Links.class);

  private record LinkEvent(Link link, ZMonitor.Event event) {}

  private final BusSettings settings;
  private final Runnable wake;
  private final List<Link> links = new ArrayList<>();
  private final Queue<LinkEvent> events = new ConcurrentLinkedQueue<>();

  /**
   * Creates no link yet.
   *
   * @param wake called from JeroMQ's threads when there is news
   */
  Links(BusSettings settings, Runnable wake) {
    this.settings = settings;
    this.wake = wake;
  }

  void connect(ZMQ.Socket socket, int port, Runnable onEnd) {
    Link link = new Link(socket, settings.endpoint(port), settings, onEnd);
    links.add(link);
    socket.setEventHook(
        event -> {
          events.add(new LinkEvent(link, event.getEvent()));
          wake.run();
        },
        ZMQ.EVENT_ALL);
    link.connect(System.nanoTime());
  }

  /** Takes in what has happened; whether something came up meanwhile. */
  boolean update(long now) {
    boolean cameUp = false;
    for (LinkEvent event = events.poll(); event != null; event = events.poll()) {
      log.debug("{}: {}", event.link.endpoint(), event.event);
      cameUp |= event.link.on(event.event, now);
    }
    for (Link link : links) {
      link.tick(now);
    }
    return cameUp;
  }

  boolean areUp() {
    return links.stream().allMatch(Link::isUp);
  }

  /** The one to blame that not all is well. */
  Link worst() {
    Link worst = links.get(0);
    for (Link link : links) {
      if (link.isRefused() || (!link.isUp() && !worst.isRefused())) {
        worst = link;
      }
    }
    return worst;
  }

  /** Notes that all is well. */
  void good() {
    links.forEach(Link::good);
  }
}
