package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Where subscriptions, how far each has got, and deliveries to come survive the hub: an MVStore
 * file. Changes become durable with {@link #commit}, those of one subscription's deliveries and
 * cursor in their order, also where one is under way; what was not committed is done again after a
 * crash, so an event may be delivered twice but none is lost. Thread-safe.
 */
final class SubscriptionStore implements AutoCloseable {

  private static final int CACHE_MB = 4;
  private static final int MOST_UNSAVED_KB = 32 << 10; // beyond that, who changes has to write
  private static final String DELIVERIES = "deliveries/";
  private static final long CURSOR = -1; // below all positions

  private final MVStore store;
  private final MVMap<String, String> subscriptions;

  private SubscriptionStore(MVStore store) {
    this.store = store;
    this.subscriptions = store.openMap("subscriptions");
    if (store.hasMap("cursors")) {
      gather();
    }
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
              .autoCommitBufferSize(MOST_UNSAVED_KB)
              .open());
    } catch (MVStoreException e) {
      throw new IOException("the subscriptions cannot be opened: " + e.getMessage(), e);
    }
  }

  /** Takes over a file that has a map for each kind of delivery, and one for all cursors. */
  private void gather() {
    MVMap<String, Long> cursors = store.openMap("cursors");
    cursors.forEach(this::saveCursor);
    List<String> maps =
        store.getMapNames().stream().filter(name -> name.matches("(pending|dead)/.*")).toList();
    for (String map : maps) {
      String subscription = map.substring(map.indexOf('/') + 1);
      Deliveries kind = map.startsWith("dead/") ? dead(subscription) : pending(subscription);
      store.<Long, String>openMap(map).forEach(kind::put);
    }
    store.commit();
    maps.forEach(store::removeMap);
    store.removeMap("cursors");
    store.commit();
  }

  /** A subscription's deliveries that are to be tried again. */
  Deliveries pending(String subscription) {
    return Deliveries.pending(of(subscription));
  }

  /** A subscription's dead letters. */
  Deliveries dead(String subscription) {
    return Deliveries.dead(of(subscription));
  }

  private MVMap<Long, String> of(String subscription) {
    return store.openMap(DELIVERIES + subscription);
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
    store.removeMap(DELIVERIES + name);
  }

  long cursor(String name, long ifAbsent) {
    String cursor = of(name).get(CURSOR);
    return cursor == null ? ifAbsent : Long.parseLong(cursor);
  }

  void saveCursor(String name, long value) {
    of(name).put(CURSOR, Long.toString(value));
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

  /** How many deliveries there are of each kind, for a person who looks. */
  Map<String, Integer> sizes(String subscription) {
    return Map.of("pending", pending(subscription).size(), "dead", dead(subscription).size());
  }

  /** Has the next commit write something, though nothing may have changed. */
  void touch() {
    subscriptions.replaceAll((name, value) -> value);
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
