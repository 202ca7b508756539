package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
    return takesNothing || wanted.stream().allMatch(fits)
        ? null
        : "a value is not of the kind that " + operatorType + " takes";
  }

  private List<JsonNode> wanted() {
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
    ArrayNode candidates = JsonNodeFactory.instance.arrayNode();
    if (found.isArray()) {
      found.forEach(candidates::add);
    } else {
      candidates.add(found);
    }
    BiPredicate<JsonNode, JsonNode> test = test();
    boolean any = false;
    for (JsonNode candidate : candidates) {
      any |= wanted().stream().anyMatch(one -> test.test(candidate, one));
    }
    return any != negative;
  }

  private BiPredicate<JsonNode, JsonNode> test() {
    return switch (operatorType.replace("Not", "")) {
      case "NumberIn" -> (found, one) -> compare(found, one, sign -> sign == 0);
      case "NumberLessThan" -> (found, one) -> compare(found, one, sign -> sign < 0);
      case "NumberLessThanOrEquals" -> (found, one) -> compare(found, one, sign -> sign <= 0);
      case "NumberGreaterThan" -> (found, one) -> compare(found, one, sign -> sign > 0);
      case "NumberGreaterThanOrEquals" -> (found, one) -> compare(found, one, sign -> sign >= 0);
      case "NumberInRange" ->
          (found, one) ->
              compare(found, one.get(0), sign -> sign >= 0)
                  && compare(found, one.get(1), sign -> sign <= 0);
      case "BoolEquals" -> (found, one) -> found.equals(one);
      case "StringIn" -> (found, one) -> text(found).equals(text(one));
      case "StringContains" -> (found, one) -> text(found).contains(text(one));
      case "StringBeginsWith" -> (found, one) -> text(found).startsWith(text(one));
      case "StringEndsWith" -> (found, one) -> text(found).endsWith(text(one));
      default -> throw new IllegalStateException("unknown operator " + operatorType);
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
