package dev.carillon.hub.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.AnalyticsStore;
import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.EmbeddedAnalyticsStore;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.hub.store.EventVersion.State;
import dev.carillon.hub.store.Operation;
import dev.carillon.testkit.engines.ClickHouseEngine;
import dev.carillon.testkit.engines.KafkaBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Operations on their way through Kafka into a store. */
@Timeout(180)
final class KafkaPipelineTest {

  private static final AnalyticsQuery ALL = AnalyticsQuery.all(10_000);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path folder;
  private static KafkaBroker broker;
  private static ClickHouseEngine engine;

  @BeforeAll
  static void startEngines() {
    broker = KafkaBroker.start(folder.resolve("kafka"));
    engine = ClickHouseEngine.start(folder.resolve("clickhouse"));
  }

  @AfterAll
  static void stopEngines() {
    engine.close();
    broker.close();
  }

  @Test
  void endsWithWhatWasAcknowledgedThoughWritersComeAndGo() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "coming-and-going");
    RandomOperations random = new RandomOperations(7, 600);
    Map<UUID, EventVersion> expected = new HashMap<>();
    try (Database database = new Database(engine);
        ClickHouseStore reader = database.store();
        Kafka kafka = started(settings);
        KafkaOperationLog log = kafka.log()) {
      KafkaWriter first = new KafkaWriter(settings, database);
      KafkaWriter second = null;
      for (int round = 0; round < 20; round++) {
        List<Operation> operations = random.take(200);
        log.append(operations).get(30, TimeUnit.SECONDS);
        operations.forEach(operation -> RandomOperations.carryOut(expected, operation));
        if (round == 5) {
          second = new KafkaWriter(settings, database);
        } else if (round == 10) {
          first.close();
        } else if (round == 15) {
          first = new KafkaWriter(settings, database);
        }
      }
      awaitState(reader, expected);
      first.close();
      if (second != null) {
        second.close();
      }
      assertThat(state(reader)).isEqualTo(live(expected));
    }
  }

  @Test
  void setsPoisonAsideWithItsReasonAndGoesOn() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "poisoned");
    List<Operation> operations = new RandomOperations(8, 50).take(100);
    Map<UUID, EventVersion> expected = new HashMap<>();
    operations.forEach(operation -> RandomOperations.carryOut(expected, operation));
    String id = UUID.randomUUID().toString();
    try (Database database = new Database(engine);
        ClickHouseStore reader = database.store();
        Kafka kafka = started(settings);
        KafkaOperationLog log = kafka.log();
        KafkaWriter writer = new KafkaWriter(settings, database)) {
      log.append(operations.subList(0, 50)).get(30, TimeUnit.SECONDS);
      send(settings, id, "{\"operation\":\"explode\",\"event_id\":\"" + id + "\"}");
      send(settings, id, "no json", "trace", "7");
      send(settings, id, null);
      send(
          settings,
          "another key",
          "{\"operation\":\"delete\",\"event_id\":\"%s\",\"timestamp\":\"2026-01-01T00:00:00Z\"}"
              .formatted(id));
      send(
          settings,
          id,
          "{\"operation\":\"update\",\"event_id\":\"%s\",\"timestamp\":\"2026-01-01T00:00:00Z\"}"
              .formatted(id));
      send(settings, id, text(KafkaSettings.MAX_MESSAGE_BYTES - 120)); // with reason: too much
      log.append(operations.subList(50, 100)).get(30, TimeUnit.SECONDS);

      awaitState(reader, expected);
      List<ConsumerRecord<String, String>> letters = deadLetters(settings, 6);

      await().atMost(PATIENCE).until(() -> writer.setAside() == 6);
      assertThat(letters)
          .extracting(letter -> header(letter, "reason"))
          .allMatch(reason -> reason.startsWith("not an operation"));
      assertThat(letters)
          .extracting(letter -> header(letter, "source-topic"))
          .containsOnly("poisoned");
      assertThat(letters)
          .allSatisfy(
              letter ->
                  assertThat(header(letter, "source-partition") + header(letter, "source-offset"))
                      .matches("\\d+"));
      assertThat(letters)
          .filteredOn(letter -> "no json".equals(letter.value()))
          .singleElement()
          .satisfies(letter -> assertThat(header(letter, "trace")).isEqualTo("7"));
      assertThat(letters)
          .filteredOn(letter -> letter.headers().lastHeader("source-size") != null)
          .singleElement()
          .satisfies(letter -> assertThat(letter.value()).isNull());
    }
  }

  @Test
  void isNotHealthyWhileADeadLetterCannotBeSetAside() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "stuck");
    ConfigResource letters =
        new ConfigResource(ConfigResource.Type.TOPIC, settings.deadLetterTopic());
    List<Operation> operations = new RandomOperations(9, 5).take(10);
    Map<UUID, EventVersion> expected = new HashMap<>();
    operations.forEach(operation -> RandomOperations.carryOut(expected, operation));
    try (Admin admin = Admin.create(settings.client(Map.of()));
        Database database = new Database(engine);
        ClickHouseStore reader = database.store();
        Kafka kafka = started(settings);
        KafkaOperationLog log = kafka.log()) {
      admin.incrementalAlterConfigs(Map.of(letters, largest(1))).all().get();
      try (KafkaWriter writer = new KafkaWriter(settings, database)) {
        assertThat(writer.isHealthy()).isTrue();
        send(settings, "key", "no json");
        log.append(operations).get(30, TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> !writer.isHealthy());

        admin.incrementalAlterConfigs(Map.of(letters, largest(1 << 20))).all().get();
        awaitState(reader, expected);
        await().atMost(PATIENCE).until(writer::isHealthy);
      }
    }
  }

  private static List<AlterConfigOp> largest(int bytes) {
    ConfigEntry entry = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
    return List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET));
  }

  @Test
  void setsAsideWhatTheStoreRefusesEvenAloneAndGoesOn() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "refused");
    List<Operation> operations = new RandomOperations(14, 50).take(100);
    Map<UUID, EventVersion> expected = new HashMap<>();
    operations.forEach(operation -> RandomOperations.carryOut(expected, operation));
    EventFields unwanted =
        EventFields.builder().conversationId("unwanted").eventName("event_a").build();
    Operation refused = RandomOperations.create(1_000, unwanted).operation();
    try (Database database = new Database(engine);
        ClickHouseStore reader = database.store();
        Kafka kafka = started(settings);
        KafkaOperationLog log = kafka.log()) {
      await().atMost(PATIENCE).until(reader::isReady);
      database.execute(
          "ALTER TABLE events ADD CONSTRAINT wanted CHECK conversation_id != 'unwanted'");
      try (KafkaWriter writer = new KafkaWriter(settings, database)) {
        log.append(operations.subList(0, 50)).get(30, TimeUnit.SECONDS);
        log.append(List.of(refused)).get(30, TimeUnit.SECONDS);
        log.append(operations.subList(50, 100)).get(30, TimeUnit.SECONDS);

        awaitState(reader, expected);
        assertThat(deadLetters(settings, 1))
            .singleElement()
            .satisfies(
                letter -> {
                  assertThat(letter.key()).isEqualTo(refused.eventId().toString());
                  assertThat(Operation.of(letter.value().getBytes(UTF_8)).fields().conversationId())
                      .isEqualTo("unwanted");
                  assertThat(header(letter, "reason")).contains("wanted");
                  assertThat(header(letter, "source-topic")).isEqualTo("refused");
                });
      }
    }
  }

  @Test
  void readsATopicThatIsMadeAnewFromItsBeginning() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "made-anew");
    RandomOperations random = new RandomOperations(12, 200);
    Map<UUID, EventVersion> expected = new HashMap<>();
    try (Database database = new Database(engine);
        ClickHouseStore reader = database.store();
        KafkaWriter writer = new KafkaWriter(settings, database);
        Admin admin = Admin.create(settings.client(Map.of()))) {
      append(settings, random.take(400), expected);
      awaitState(reader, expected);

      admin.deleteTopics(List.of(settings.topic())).all().get(30, TimeUnit.SECONDS);
      NewTopic same = new NewTopic(settings.topic(), Optional.empty(), Optional.empty());
      admin.createTopics(List.of(same)).all().get(30, TimeUnit.SECONDS);
      append(settings, random.take(200), expected);
      awaitState(reader, expected);

      Uuid before = writer.topicId();
      admin.deleteTopics(List.of(settings.topic())).all().get(30, TimeUnit.SECONDS);
      await() // until a hub has made it
          .atMost(PATIENCE)
          .until(() -> writer.topicId() != null && !writer.topicId().equals(before));
      append(settings, random.take(100), expected);
      awaitState(reader, expected);
    }
  }

  private static void append(
      KafkaSettings settings, List<Operation> operations, Map<UUID, EventVersion> expected)
      throws Exception {
    try (Kafka kafka = started(settings);
        KafkaOperationLog log = kafka.log()) {
      log.append(operations).get(30, TimeUnit.SECONDS);
    }
    operations.forEach(operation -> RandomOperations.carryOut(expected, operation));
  }

  @Test
  void fillsDuckDbAsWellAndGoesOnFromWhereItIs() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "into-duckdb");
    RandomOperations random = new RandomOperations(9, 200);
    Map<UUID, EventVersion> expected = new HashMap<>();
    try (Kafka kafka = started(settings);
        KafkaOperationLog log = kafka.log()) {
      for (int life = 0; life < 3; life++) {
        List<Operation> operations = random.take(500);
        log.append(operations).get(30, TimeUnit.SECONDS);
        operations.forEach(operation -> RandomOperations.carryOut(expected, operation));
        AnalyticsStore duckDb =
            EmbeddedAnalyticsStore.open(
                folder.resolve("duckdb"),
                EmbeddedAnalyticsStore.Settings.ofDefaults(),
                RandomOperations.CLOCK);
        try (KafkaWriter writer = new KafkaWriter(settings, duckDb)) {
          awaitState(duckDb, expected);
        }
      }
    }
  }

  @Test
  void readsLittleAtOnceHoweverWellItWasCompressed() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "compressed");
    EventFields large =
        EventFields.builder()
            .conversationId("c")
            .eventName("event_a")
            .input("x".repeat(1 << 20))
            .build();
    try (Kafka kafka = started(settings);
        KafkaOperationLog log = kafka.log()) {
      for (int from = 0; from < 320; from += 20) {
        List<Operation> creates =
            IntStream.range(from, from + 20)
                .mapToObj(i -> RandomOperations.create(i, large).operation())
                .toList();
        log.append(creates).get(30, TimeUnit.SECONDS);
      }
      try (KafkaOperationSource source = kafka.source(part -> 0)) {
        int read = 0;
        while (read < 320) {
          List<Batch> batches = source.poll(PATIENCE);
          int operations = batches.stream().mapToInt(batch -> batch.operations().size()).sum();
          assertThat(operations).isPositive().isLessThanOrEqualTo(100);

          read += operations;
        }
      }
    }
  }

  @Test
  void tellsWhatIsNotStoredAndKafkaWhatIs() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "lagging");
    Map<String, Long> positions = new ConcurrentHashMap<>();
    try (Kafka kafka = started(settings);
        KafkaOperationLog log = kafka.log()) {
      log.append(new RandomOperations(15, 100).take(300)).get(30, TimeUnit.SECONDS);
      try (KafkaOperationSource source = kafka.source(part -> 0)) {
        awaitLag(source, 300);
        for (int read = 0; read < 300; ) {
          for (Batch batch : source.poll(PATIENCE)) {
            read += batch.operations().size();
            positions.put(batch.source(), batch.last());
            source.stored(batch);
          }
        }
        awaitLag(source, 0);
      }
      assertThat(committed(settings)).isEqualTo(300);

      log.append(new RandomOperations(16, 10).take(20)).get(30, TimeUnit.SECONDS);
      try (KafkaOperationSource source = kafka.source(part -> positions.getOrDefault(part, 0L))) {
        awaitLag(source, 20);
        log.append(large()).get(30, TimeUnit.SECONDS);
        awaitLag(source, 60);
      }
    }
  }

  @Test
  void doesNotKnowWhatIsNotStoredWhileTheStoreCannotTell() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "untold");
    AtomicBoolean away = new AtomicBoolean(true);
    CountDownLatch asked = new CountDownLatch(2);
    try (Kafka kafka = started(settings);
        KafkaOperationLog log = kafka.log()) {
      log.append(new RandomOperations(17, 10).take(20)).get(30, TimeUnit.SECONDS);
      KafkaOperationSource.Positions positions =
          part -> {
            asked.countDown();
            if (away.get()) {
              throw new IOException("the store is away");
            }
            return 0;
          };
      try (KafkaOperationSource source = kafka.source(positions)) {
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(source.lag()).isEmpty();
        away.set(false);
        awaitLag(source, 20);
      }
    }
  }

  @Test
  void doesNotWaitForWhatKafkaHasDropped() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "dropped");
    try (Kafka kafka = started(settings);
        KafkaOperationLog log = kafka.log();
        Admin admin = Admin.create(settings.client(Map.of()))) {
      log.append(new RandomOperations(18, 10).take(20)).get(30, TimeUnit.SECONDS);
      Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
      for (TopicDescription topic :
          admin.describeTopics(List.of(settings.topic())).allTopicNames().get().values()) {
        for (TopicPartitionInfo part : topic.partitions()) {
          all.put(
              new TopicPartition(topic.name(), part.partition()), RecordsToDelete.beforeOffset(-1));
        }
      }
      admin.deleteRecords(all).all().get(30, TimeUnit.SECONDS);
      try (KafkaOperationSource source = kafka.source(part -> 0)) {
        awaitLag(source, 0);
      }
    }
  }

  private static void awaitLag(KafkaOperationSource source, long lag) {
    await().atMost(PATIENCE).until(() -> source.lag().equals(OptionalLong.of(lag)));
  }

  /** More than is read ahead. */
  private static List<Operation> large() {
    EventFields fields =
        EventFields.builder().conversationId("c").eventName("event_a").input(text(1 << 20)).build();
    return IntStream.range(0, 40)
        .mapToObj(i -> RandomOperations.create(i, fields).operation())
        .toList();
  }

  private static long committed(KafkaSettings settings) throws Exception {
    try (Admin admin = Admin.create(settings.client(Map.of()))) {
      return admin
          .listConsumerGroupOffsets(settings.group())
          .partitionsToOffsetAndMetadata()
          .get(30, TimeUnit.SECONDS)
          .values()
          .stream()
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    }
  }

  static Kafka started(KafkaSettings settings) {
    Kafka kafka = new Kafka(settings);
    kafka.start();
    await().atMost(PATIENCE).until(kafka::isReady);
    return kafka;
  }

  private static void awaitState(AnalyticsStore store, Map<UUID, EventVersion> expected) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(state(store)).isEqualTo(live(expected)));
  }

  /** What of each event can be seen, shortened so that a difference can be read. */
  private static Map<UUID, Integer> state(AnalyticsStore store) throws Exception {
    Map<UUID, Integer> state = new HashMap<>();
    store
        .events(ALL)
        .get(30, TimeUnit.SECONDS)
        .forEach(found -> state.put(found.id(), digest(found)));
    return state;
  }

  private static Map<UUID, Integer> live(Map<UUID, EventVersion> versions) {
    Map<UUID, Integer> live = new HashMap<>();
    versions.forEach(
        (id, version) -> {
          if (version.state() == State.LIVE) {
            live.put(id, digest(version));
          }
        });
    return live;
  }

  private static int digest(EventVersion version) {
    return (version.createdAt() + RandomOperations.text(version)).hashCode();
  }

  /** A text of so many bytes that no compression makes much smaller. */
  static String text(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes).substring(0, length);
  }

  private static void send(
      KafkaSettings settings, String key, @Nullable String value, String... header)
      throws Exception {
    ProducerRecord<String, byte[]> message =
        new ProducerRecord<>(settings.topic(), key, value == null ? null : value.getBytes(UTF_8));
    if (header.length > 0) {
      message.headers().add(header[0], header[1].getBytes(UTF_8));
    }
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            settings.client(Map.of("max.request.size", 2 * KafkaSettings.MAX_MESSAGE_BYTES)),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.send(message).get(30, TimeUnit.SECONDS);
    }
  }

  private static List<ConsumerRecord<String, String>> deadLetters(
      KafkaSettings settings, int count) {
    List<ConsumerRecord<String, String>> letters = new ArrayList<>();
    StringDeserializer text = new StringDeserializer();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            settings.client(Map.of("group.id", "reader", "auto.offset.reset", "earliest")),
            text,
            text)) {
      consumer.subscribe(List.of(settings.deadLetterTopic()));
      await()
          .atMost(PATIENCE)
          .pollInSameThread()
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(letters::add);
                return letters.size() >= count;
              });
    }
    return letters;
  }

  private static String header(ConsumerRecord<String, String> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }
}
