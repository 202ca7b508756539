package dev.carillon.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Optional;

/** How much of a module can be seen from outside: the package is the wall. */
final class Walls {

  private static final double MOST_PUBLIC = 0.40;

  private Walls() {}

  /** What is wrong with a module: empty when fewer than 40 % of its top-level types are public. */
  static Optional<String> complaint(JavaClasses all, String packageName) {
    List<JavaClass> types =
        all.stream()
            .filter(type -> type.getPackageName().equals(packageName))
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .toList();
    List<String> open =
        types.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getSimpleName)
            .sorted()
            .toList();
    if (open.size() < MOST_PUBLIC * types.size() || types.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: %d of %d types are public: %s"
            .formatted(packageName, open.size(), types.size(), open));
  }
}
