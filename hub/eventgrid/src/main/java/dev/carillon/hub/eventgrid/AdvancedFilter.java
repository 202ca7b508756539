package dev.carillon.hub.eventgrid;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One of Event Grid's advanced filters: an operator on the value of a key. A key is a member of the
 * event, or of its data by {@code data.a.b}. If the key's value is an array, each of its elements
 * is looked at. Texts compare without regard to case.
 *
 * @param operatorType such as {@code StringBeginsWith}, as Azure names it
 * @param key where to look
 * @param value what to compare with, for operators that take one
 * @param values what to compare with, for operators that take several
 */
record AdvancedFilter(
    String operatorType, String key, @Nullable JsonNode value, @Nullable JsonNode values) {

  private static final Set<String> OPERATORS =
      Set.of(
          "NumberIn",
          "NumberNotIn",
          "NumberLessThan",
          "NumberLessThanOrEquals",
          "NumberGreaterThan",
          "NumberGreaterThanOrEquals",
          "NumberInRange",
          "NumberNotInRange",
          "BoolEquals",
          "StringIn",
          "StringNotIn",
          "StringContains",
          "StringNotContains",
          "StringBeginsWith",
          "StringNotBeginsWith",
          "StringEndsWith",
          "StringNotEndsWith",
          "IsNullOrUndefined",
          "IsNotNull");
  private static final int MOST_CHARACTERS = 512; // Azure's bound of a value

  /** What is wrong with it; null if nothing is. */
  @Nullable String wrong() {
    if (operatorType == null || !OPERATORS.contains(operatorType)) {
      return "operatorType is none of " + OPERATORS.stream().sorted().toList();
    }
    if (key == null || key.isBlank()) {
      return "key is missing";
    }
    boolean takesNothing = operatorType.startsWith("Is");
    List<JsonNode> wanted = wanted();
    if (!takesNothing && wanted.isEmpty()) {
      return "value or values is missing";
    }
    Predicate<JsonNode> fits =
        operatorType.endsWith("Range")
            ? node -> node.isArray() && node.size() == 2 && node.get(0).isNumber()
            : operatorType.startsWith("Number")
                ? JsonNode::isNumber
                : operatorType.startsWith("Bool") ? JsonNode::isBoolean : JsonNode::isTextual;
    if (!takesNothing && !wanted.stream().allMatch(fits)) {
      return "a value is not of the kind that " + operatorType + " takes";
    }
    return wanted.stream().anyMatch(text -> text.asText().length() > MOST_CHARACTERS)
        ? "a value has more than " + MOST_CHARACTERS + " characters"
        : null;
  }

  /** What it compares with. */
  List<JsonNode> wanted() {
    List<JsonNode> wanted = new ArrayList<>();
    if (values != null && values.isArray()) {
      values.forEach(wanted::add);
    } else if (value != null && !value.isNull()) {
      wanted.add(value);
    }
    return wanted;
  }

  /** Whether an event, as it would be delivered, passes. */
  boolean matches(JsonNode event) {
    JsonNode found = find(event, key);
    boolean negative = operatorType.contains("Not");
    if (found == null || found.isNull()) {
      // what is not there is null, and is not in, does not begin with, …
      return !operatorType.equals("IsNotNull")
          && (negative || operatorType.equals("IsNullOrUndefined"));
    }
    if (operatorType.startsWith("Is")) {
      return negative;
    }
    Predicate<JsonNode> passes = test(wanted());
    for (JsonNode candidate : found.isArray() ? found : List.of(found)) {
      if (passes.test(candidate)) {
        return !negative;
      }
    }
    return negative;
  }

  /** What one value has to pass; made once for the many that an array may have. */
  private Predicate<JsonNode> test(List<JsonNode> wanted) {
    return switch (operatorType.replace("Not", "")) {
      case "NumberIn" -> number(wanted, sign -> sign == 0);
      case "NumberLessThan" -> number(wanted, sign -> sign < 0);
      case "NumberLessThanOrEquals" -> number(wanted, sign -> sign <= 0);
      case "NumberGreaterThan" -> number(wanted, sign -> sign > 0);
      case "NumberGreaterThanOrEquals" -> number(wanted, sign -> sign >= 0);
      case "NumberInRange" ->
          found ->
              wanted.stream()
                  .anyMatch(
                      range ->
                          compare(found, range.get(0), sign -> sign >= 0)
                              && compare(found, range.get(1), sign -> sign <= 0));
      case "BoolEquals" -> wanted::contains;
      case "StringIn" -> {
        Set<String> texts = wanted.stream().map(AdvancedFilter::text).collect(toSet());
        yield found -> texts.contains(text(found));
      }
      case "StringContains" -> text(wanted, String::contains);
      case "StringBeginsWith" -> text(wanted, String::startsWith);
      case "StringEndsWith" -> text(wanted, String::endsWith);
      default -> throw new IllegalStateException("unknown operator " + operatorType);
    };
  }

  private static Predicate<JsonNode> number(List<JsonNode> wanted, Predicate<Integer> sign) {
    return found -> wanted.stream().anyMatch(one -> compare(found, one, sign));
  }

  private static Predicate<JsonNode> text(
      List<JsonNode> wanted, BiPredicate<String, String> passes) {
    List<String> texts = wanted.stream().map(AdvancedFilter::text).toList();
    return found -> {
      String text = text(found);
      return texts.stream().anyMatch(one -> passes.test(text, one));
    };
  }

  private static boolean compare(JsonNode found, JsonNode one, Predicate<Integer> sign) {
    if (!found.isNumber() || !one.isNumber()) {
      return false;
    }
    BigDecimal left = found.decimalValue(); // compares 1e999999999 too without writing it out
    return sign.test(left.compareTo(one.decimalValue()));
  }

  private static String text(JsonNode node) {
    return node.asText().toLowerCase(Locale.ROOT);
  }

  private static @Nullable JsonNode find(JsonNode event, String key) {
    JsonNode at = event;
    for (String name : key.split("\\.", -1)) {
      at = at == null ? null : member(at, name);
    }
    return at;
  }

  /** A member by its name, without regard to case if there is none exactly so. */
  private static @Nullable JsonNode member(JsonNode object, String name) {
    JsonNode exact = object.get(name);
    if (exact != null) {
      return exact;
    }
    return object.properties().stream()
        .filter(member -> member.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
