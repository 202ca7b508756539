package dev.carillon.schemas;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaKeyword;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a schema of a record: what Jackson would write of it, in snake_case. A component is
 * required unless it is an {@code Optional} or carries an annotation named {@code Nullable}.
 */
final class RecordSchemas {

  /** How Jackson writes these, in the words of JSON Schema. */
  private static final Map<Class<?>, String> FORMATS =
      Map.of(
          Instant.class, "date-time",
          OffsetDateTime.class, "date-time",
          ZonedDateTime.class, "date-time",
          LocalDate.class, "date",
          UUID.class, "uuid",
          URI.class, "uri-reference");

  /** What the generator takes for times with an offset, which these do not have. */
  private static final Set<Class<?>> LOCAL = Set.of(LocalDateTime.class, LocalTime.class);

  /** What Jackson writes as a text, and the generator takes for objects or arrays. */
  private static final Set<Class<?>> TEXTS =
      Set.of(
          YearMonth.class,
          MonthDay.class,
          Currency.class,
          Locale.class,
          TimeZone.class,
          byte[].class);

  private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();

  private RecordSchemas() {}

  static String of(Class<? extends Record> type) {
    SchemaGeneratorConfigBuilder config =
        new SchemaGeneratorConfigBuilder(
                DataJson.KEEPING, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(
                Option.FLATTENED_OPTIONALS,
                Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                Option.DEFINITIONS_FOR_ALL_OBJECTS)
            .without(Option.EXTRA_OPEN_API_FORMAT_VALUES)
            .with(
                new JacksonModule(
                    JacksonOption.RESPECT_JSONPROPERTY_REQUIRED,
                    JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY));
    config
        .forFields()
        .withPropertyNameOverrideResolver(field -> SNAKE_CASE.translate(field.getDeclaredName()))
        .withRequiredCheck(field -> !mayBeAbsent(field))
        .withNullableCheck(RecordSchemas::mayBeAbsent);
    config
        .forTypesInGeneral()
        .withCustomDefinitionProvider(
            (part, context) ->
                TEXTS.contains(part.getErasedType())
                    ? new CustomDefinition(text(context), true)
                    : null)
        .withStringFormatResolver(scope -> FORMATS.get(scope.getType().getErasedType()))
        .withTypeAttributeOverride(
            (schema, scope, context) -> {
              if (LOCAL.contains(scope.getType().getErasedType())) {
                schema.remove("format");
              }
            });
    ObjectNode schema = new SchemaGenerator(config.build()).generateSchema(type);
    return schema.toPrettyString();
  }

  private static ObjectNode text(SchemaGenerationContext context) {
    return context
        .getGeneratorConfig()
        .createObjectNode()
        .put(
            context.getKeyword(SchemaKeyword.TAG_TYPE),
            context.getKeyword(SchemaKeyword.TAG_TYPE_STRING));
  }

  private static boolean mayBeAbsent(FieldScope scope) {
    return mayBeAbsent(scope.getRawMember());
  }

  /** Whether data of a record must have a component: it is written, and may not be absent. */
  static boolean isRequired(Class<?> type, String component) {
    try {
      Field field = type.getDeclaredField(component);
      return !field.isAnnotationPresent(JsonIgnore.class) && !mayBeAbsent(field);
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("every component of a record is a field", e);
    }
  }

  private static boolean mayBeAbsent(Field field) {
    return Optional.class.isAssignableFrom(field.getType())
        || Stream.of(field, field.getAnnotatedType())
            .flatMap(each -> Arrays.stream(each.getAnnotations()))
            .map(Annotation::annotationType)
            .anyMatch(
                annotation -> annotation.getSimpleName().equals(Nullable.class.getSimpleName()));
  }
}
