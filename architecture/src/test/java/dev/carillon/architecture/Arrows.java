package dev.carillon.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;

/** Who may see whom. Each rule takes the root package, so that it can be tried on wrong code. */
final class Arrows {

  private Arrows() {}

  /** A module is one flat package, so that one may lie below another: {@code testkit.engines}. */
  static ArchRule of(String root, String module) {
    String[] hidden =
        Modules.hiddenFrom(module).stream()
            .map(other -> root + "." + other)
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(root + "." + module)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(hidden)
        .because("the table of modules says what " + module + " may see")
        .allowEmptyShould(true);
  }

  /** A library that only some modules may use, so that it can be exchanged there. */
  static ArchRule library(String root, String library, String... modules) {
    String[] owners = new String[modules.length];
    for (int i = 0; i < modules.length; i++) {
      owners[i] = root + "." + modules[i] + "..";
    }
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(owners)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library)
        .because(library + " belongs to " + String.join(", ", modules))
        .allowEmptyShould(true);
  }

  static ArchRule noCycles(String root) {
    return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
  }
}
