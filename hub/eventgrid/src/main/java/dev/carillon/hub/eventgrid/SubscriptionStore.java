package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Where subscriptions, how far each has got, and deliveries to come survive the hub: an MVStore
 * file. Changes become durable together with {@link #commit}; what was not committed is done again
 * after a crash, so an event may be delivered twice but none is lost. Thread-safe.
 */
final class SubscriptionStore implements AutoCloseable {

  private static final int CACHE_MB = 4;
  private static final int PAGE_LENGTH = 4 << 20;

  private final MVStore store;
  private final MVMap<String, String> subscriptions;
  private final MVMap<String, Long> cursors;

  private SubscriptionStore(MVStore store) {
    this.store = store;
    this.subscriptions = store.openMap("subscriptions");
    this.cursors = store.openMap("cursors");
  }

  static boolean existsIn(Path folder) {
    return Files.exists(folder.resolve("subscriptions.mv"));
  }

  /** Opens the file of a folder, or makes it. */
  static SubscriptionStore open(Path folder) throws IOException {
    Files.createDirectories(folder);
    try {
      return new SubscriptionStore(
          new MVStore.Builder()
              .fileName(folder.resolve("subscriptions.mv").toString())
              .cacheSize(CACHE_MB)
              .autoCommitDisabled()
              .open());
    } catch (MVStoreException e) {
      throw new IOException("the subscriptions cannot be opened: " + e.getMessage(), e);
    }
  }

  /** The map of a subscription's deliveries: those to be tried again, or dead letters. */
  MVMap<Long, String> deliveries(String kind, String subscription) {
    return store.openMap(kind + "/" + subscription);
  }

  List<SubscriptionRecord> all() {
    List<SubscriptionRecord> all = new ArrayList<>();
    subscriptions.values().forEach(json -> all.add(read(json, SubscriptionRecord.class)));
    return all;
  }

  /** How many subscriptions there are. */
  int count() {
    return subscriptions.size();
  }

  @Nullable SubscriptionRecord find(String name) {
    String json = subscriptions.get(name);
    return json == null ? null : read(json, SubscriptionRecord.class);
  }

  void put(String name, SubscriptionRecord record) {
    subscriptions.put(name, write(record));
  }

  void remove(String name) {
    subscriptions.remove(name);
    cursors.remove(name);
    store.removeMap("pending/" + name);
    store.removeMap("dead/" + name);
  }

  long cursor(String name, long ifAbsent) {
    Long cursor = cursors.get(name);
    return cursor == null ? ifAbsent : cursor;
  }

  void saveCursor(String name, long value) {
    cursors.put(name, value);
  }

  /**
   * Deliveries of a map above a position, in order: some megabytes at most, so there may be more
   * where the limit was not reached; one at least where there is one.
   */
  static List<Delivery> page(MVMap<Long, String> map, long after, int limit) {
    List<Delivery> page = new ArrayList<>();
    Iterator<Long> keys = map.keyIterator(after + 1);
    for (long length = 0; keys.hasNext() && page.size() < limit && length < PAGE_LENGTH; ) {
      String json = map.get(keys.next());
      if (json != null) {
        page.add(read(json, Delivery.class));
        length += json.length();
      }
    }
    return page;
  }

  static String write(Object value) {
    try {
      return EventGridFile.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("cannot be written", e);
    }
  }

  static <T> T read(String json, Class<T> type) {
    try {
      return EventGridFile.MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("cannot be read", e);
    }
  }

  /** The names of all maps and their sizes, for a person who looks. */
  Map<String, Integer> sizes(String subscription) {
    return Map.of(
        "pending", deliveries("pending", subscription).size(),
        "dead", deliveries("dead", subscription).size());
  }

  /** Has the next commit write something, though nothing may have changed. */
  void touch() {
    cursors.replaceAll((name, value) -> value);
  }

  /**
   * Makes all changes durable; blocks. A write that fails closes the store, and changes are lost; a
   * sync that fails leaves it open, to be closed by the caller.
   */
  void commit() {
    store.commit();
    store.sync();
  }

  @Override
  public void close() {
    store.close();
  }
}
