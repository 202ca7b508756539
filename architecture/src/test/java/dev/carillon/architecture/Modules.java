package dev.carillon.architecture;

import static java.util.Map.entry;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules by their package below the root, and which others each may see. */
final class Modules {

  private static final Set<String> LIBRARIES =
      Set.of(
          "core",
          "resilience",
          "sinks",
          "observability",
          "memory",
          "dataservices",
          "eventgrid",
          "hub.store",
          "hub.eventgrid",
          "hub.server");

  private static final Set<String> CLIENT_SIDE =
      Set.of("core", "resilience", "sinks", "observability", "memory", "dataservices", "eventgrid");

  /** Core sees nobody, clients never see each other, and the hub sees no client. */
  static final Map<String, Set<String>> MAY_SEE =
      Map.ofEntries(
          entry("core", Set.of()),
          entry("resilience", Set.of("core")),
          entry("sinks", Set.of("core")),
          entry("observability", Set.of("core")),
          entry("memory", Set.of("core", "resilience")),
          entry("dataservices", Set.of("core", "resilience")),
          entry("eventgrid", Set.of("core", "resilience", "sinks")),
          entry("hub.store", Set.of("core")),
          entry("hub.eventgrid", Set.of("core", "hub.store")),
          entry("hub.server", Set.of("core", "hub.store", "hub.eventgrid")),
          entry("testkit", LIBRARIES),
          entry("cli", LIBRARIES),
          entry("examples", CLIENT_SIDE),
          entry("benchmarks", union(LIBRARIES, Set.of("testkit"))));

  /** Programs, which talk to a person on the console. */
  static final List<String> PROGRAMS = List.of("cli", "benchmarks", "examples");

  private Modules() {}

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    return all;
  }

  /** The modules that a module must not see. */
  static List<String> hiddenFrom(String module) {
    return MAY_SEE.keySet().stream()
        .filter(
            other ->
                !other.equals(module) && !MAY_SEE.getOrDefault(module, Set.of()).contains(other))
        .sorted()
        .toList();
  }

  /** The module of a folder: {@code clients/memory} is {@code memory}. */
  static String ofFolder(String folder) {
    String name = folder.replace('/', '.');
    return name.startsWith("clients.") ? name.substring("clients.".length()) : name;
  }
}
