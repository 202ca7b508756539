package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.core.EventValidationException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of one class as JSON, by Jackson: {@code {"type": "started", "time":
 * "2026-11-01T12:00:00Z", …}}. Thread-safe.
 */
final class JacksonEncoding<E, T> implements EventEncoding<E, T> {

  private final ObjectMapper mapper;
  private final Class<E> eventClass;
  private final Class<T> typeClass;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final AnnotatedMember type;
  private final AnnotatedMember time;
  private final Clock clock;

  /**
   * Looks at the class.
   *
   * @throws IllegalArgumentException if it has no property {@code type} of the type class, or no
   *     property {@code time}
   */
  JacksonEncoding(ObjectMapper mapper, Class<E> eventClass, Class<T> typeClass, Clock clock) {
    this.mapper = mapper;
    this.clock = clock;
    this.eventClass = eventClass;
    this.typeClass = typeClass;
    reader = mapper.readerFor(eventClass).withHandler(new TimesInUtc());
    writer = mapper.writerFor(eventClass).without(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    type = property("type");
    if (!typeClass.isAssignableFrom(type.getRawType())) {
      throw new IllegalArgumentException(
          "the type of " + eventClass.getName() + " is no " + typeClass.getName());
    }
    time = property("time");
  }

  /**
   * Names as they are, times as ISO 8601, and members that the class does not know ignored. A
   * number is no event type: types have names.
   */
  static JsonMapper.Builder defaults(Class<?> typeClass) {
    return JsonMapper.builder()
        .addModule(new Jdk8Module())
        .addModule(new JavaTimeModule())
        .addModule(new SimpleModule().addDeserializer(Instant.class, new InstantReader()))
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .withCoercionConfig(
            typeClass, type -> type.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail));
  }

  private AnnotatedMember property(String name) {
    BeanDescription description =
        mapper.getSerializationConfig().introspect(mapper.constructType(eventClass));
    for (BeanPropertyDefinition property : description.findProperties()) {
      AnnotatedMember accessor = property.getAccessor();
      if (property.getName().equals(name) && accessor != null) {
        accessor.fixAccess(true);
        return accessor;
      }
    }
    throw new IllegalArgumentException(eventClass.getName() + " has no property " + name);
  }

  @Override
  public byte[] encode(@Nullable E event) {
    if (event == null || typeOf(event) == null) {
      throw new EventValidationException(event == null ? "event" : "type", "is missing");
    }
    try {
      E whole = time.getValue(event) == null ? timed(event) : event;
      byte[] json = writer.writeValueAsBytes(whole);
      if (mayNotBeFinite(json)) {
        requireFinite(whole);
      }
      return json;
    } catch (JsonProcessingException e) {
      throw e.getCause() instanceof EventValidationException refused
          ? refused
          : new EventValidationException("event", "is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new EventValidationException("event", "is not JSON: " + e.getMessage());
    }
  }

  /** Whether something is written as NaN and infinities are; it may be a text. */
  private static boolean mayNotBeFinite(byte[] json) {
    String text = new String(json, ISO_8859_1); // in which it takes the least time to look
    return text.contains("NaN") || text.contains("Infinity");
  }

  private void requireFinite(E event) throws IOException {
    OutputStream nowhere = OutputStream.nullOutputStream();
    try (JsonGenerator json = new FiniteNumbers(writer.createGenerator(nowhere), "event")) {
      writer.writeValue(json, event);
    }
  }

  /** An event that has no time, as one of now. */
  private E timed(E event) {
    try {
      ObjectNode json = mapper.valueToTree(event);
      return mapper.treeToValue(json.put("time", clock.instant().toString()), eventClass);
    } catch (JsonProcessingException | RuntimeException e) { // a class may throw what it likes
      throw new EventValidationException("time", "is null, and cannot be filled in: " + e);
    }
  }

  @Override
  public E decode(byte[] json) throws IOException {
    @Nullable E event = reader.readValue(json);
    if (event == null || typeOf(event) == null) {
      throw new IOException("no event, or one without a type");
    }
    return event;
  }

  @Override
  public E ofType(T constant, Instant when) {
    ObjectNode json = mapper.createObjectNode();
    json.set("type", mapper.valueToTree(Objects.requireNonNull(constant, "type")));
    json.put("time", when.toString());
    try {
      return mapper.treeToValue(json, eventClass);
    } catch (JsonProcessingException e) {
      throw new EventValidationException(
          "type", "is not enough for an event of this class: " + e.getOriginalMessage());
    }
  }

  @Override
  public @Nullable T typeOf(E event) {
    return typeClass.cast(type.getValue(event));
  }
}
