package dev.carillon.architecture;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules by their package below the root, and which others each may see. */
final class Modules {

  private static final Set<String> LIBRARIES =
      Set.of(
          "core",
          "resilience",
          "memory",
          "dataservices",
          "hub.store",
          "hub.pipeline",
          "hub.server");

  /** Core sees nobody, clients never see each other, and the hub sees no client. */
  static final Map<String, Set<String>> MAY_SEE =
      Map.ofEntries(
          Map.entry("core", Set.of()),
          Map.entry("resilience", Set.of("core")),
          Map.entry("memory", Set.of("core", "resilience")),
          Map.entry("dataservices", Set.of("core", "resilience")),
          Map.entry("hub.store", Set.of("core")),
          Map.entry("hub.pipeline", Set.of("core", "hub.store")),
          Map.entry("hub.server", Set.of("core", "hub.store", "hub.pipeline")),
          Map.entry("testkit.engines", Set.of()),
          Map.entry("testkit", LIBRARIES),
          Map.entry("cli", LIBRARIES),
          Map.entry("examples", Set.of("core", "resilience", "memory", "dataservices")),
          Map.entry(
              "benchmarks",
              Set.of(
                  "core",
                  "resilience",
                  "memory",
                  "dataservices",
                  "hub.store",
                  "hub.pipeline",
                  "hub.server",
                  "testkit",
                  "testkit.engines")));

  /** Programs, which talk to a person on the console. */
  static final List<String> PROGRAMS = List.of("cli", "benchmarks", "examples");

  private Modules() {}

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
