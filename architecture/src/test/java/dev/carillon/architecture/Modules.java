package dev.carillon.architecture;

import static java.util.stream.Collectors.toSet;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules by their package below the root, and which others each may see. */
final class Modules {

  /** Core sees nobody, clients never see each other, and the hub sees no client. */
  private static final Map<String, Set<String>> LIBRARIES =
      Map.ofEntries(
          Map.entry("core", Set.of()),
          Map.entry("resilience", Set.of("core")),
          Map.entry("schemas", Set.of("core", "http")),
          Map.entry("formats", Set.of("core")),
          Map.entry("sinks", Set.of("core")),
          Map.entry("observability", Set.of("core")),
          Map.entry("amqp", Set.of("core", "formats", "resilience")),
          Map.entry("zeromq", Set.of()),
          Map.entry("http", Set.of()),
          Map.entry("memory", Set.of("core")),
          Map.entry("dataservices", Set.of("core", "http")),
          Map.entry("analytics", Set.of("http")),
          Map.entry("rabbitmq", Set.of("core", "resilience", "schemas", "formats", "amqp")),
          Map.entry("eventbus", Set.of("core", "zeromq")),
          Map.entry("eventgrid", Set.of("core", "resilience", "sinks", "http")),
          Map.entry("hub.store", Set.of()),
          Map.entry("hub.bus", Set.of("core", "zeromq")),
          Map.entry("hub.pipeline", Set.of("core", "hub.store")),
          Map.entry("hub.eventgrid", Set.of("core", "hub.store")),
          Map.entry("hub.amqp", Set.of("core", "formats", "amqp")),
          Map.entry(
              "hub.server",
              Set.of(
                  "core",
                  "schemas",
                  "formats",
                  "amqp",
                  "hub.store",
                  "hub.bus",
                  "hub.pipeline",
                  "hub.amqp",
                  "hub.eventgrid")));

  /** Which others a module may see, with those that are not published. */
  static final Map<String, Set<String>> MAY_SEE = withPrograms();

  /** Programs, which talk to a person on the console. */
  static final List<String> PROGRAMS = List.of("cli", "benchmarks", "examples");

  private Modules() {}

  private static Map<String, Set<String>> withPrograms() {
    Set<String> libraries = LIBRARIES.keySet();
    Map<String, Set<String>> all = new HashMap<>(LIBRARIES);
    all.put("testkit.engines", Set.of());
    all.put("testkit", libraries);
    all.put("cli", libraries);
    Set<String> clients =
        libraries.stream().filter(name -> !name.startsWith("hub.")).collect(toSet());
    all.put("examples", with(clients, "hub.bus")); // a proxy that users may embed
    all.put("benchmarks", with(libraries, "testkit", "testkit.engines"));
    return Map.copyOf(all);
  }

  private static Set<String> with(Set<String> modules, String... more) {
    Set<String> all = new HashSet<>(modules);
    Collections.addAll(all, more);
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

  /** The pattern of a module's packages, without those of a module below it. */
  static String classesOf(String root, String module) {
    boolean hasModulesBelow =
        MAY_SEE.keySet().stream().anyMatch(other -> other.startsWith(module + "."));
    return root + "." + module + (hasModulesBelow ? "" : "..");
  }

  /** The module of a folder: {@code clients/memory} is {@code memory}. */
  static String ofFolder(String folder) {
    String name = folder.replace('/', '.');
    return name.startsWith("clients.") ? name.substring("clients.".length()) : name;
  }
}
