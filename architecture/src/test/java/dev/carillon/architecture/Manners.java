package dev.carillon.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** How code of this project is written, as far as a machine can tell. */
final class Manners {

  private static final String WORDS = "internal|impl|util|common|helper|manager";
  private static final Pattern EMPTY_PACKAGE =
      Pattern.compile("(^|.*\\.)(" + WORDS + ")s?(\\..*|$)");
  private static final Pattern EMPTY_CLASS =
      Pattern.compile("(^|.*[a-z0-9_])(Internal|Impl|Util|Common|Helper|Manager)s?([A-Z0-9_].*|$)");

  /** The document that describes the Data Services client names this class itself. */
  private static final Set<String> NAMED_BY_THEIR_DOCUMENT = Set.of("HttpClientHelper");

  private Manners() {}

  static ArchRule noEmptyNames(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should(haveAnEmptyName())
        .because("a class is named by its difference")
        .allowEmptyShould(true);
  }

  static ArchRule nullMarkedPackages(String root) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(liveInANullMarkedPackage())
        .allowEmptyShould(true);
  }

  static ArchRule noStandardStreams(String root) {
    String[] programs =
        Modules.PROGRAMS.stream().map(module -> root + "." + module + "..").toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(programs)
        .should(ACCESS_STANDARD_STREAMS)
        .because("a library writes to the console of nobody")
        .allowEmptyShould(true);
  }

  static ArchRule noJavaUtilLogging(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should(USE_JAVA_UTIL_LOGGING)
        .because("libraries log through SLF4J")
        .allowEmptyShould(true);
  }

  static ArchRule noSleep(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .callMethodWhere(
            target(name("sleep"))
                .and(
                    target(
                        owner(
                            DescribedPredicate.describe(
                                "Thread or TimeUnit",
                                (JavaClass type) ->
                                    type.isAssignableTo(Thread.class)
                                        || type.getName()
                                            .equals("java.util.concurrent.TimeUnit"))))))
        .because("waiting is for a condition, with a bound, never for luck")
        .allowEmptyShould(true);
  }

  private static ArchCondition<JavaClass> haveAnEmptyName() {
    return new ArchCondition<>("have a name or package that says nothing") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean empty =
            EMPTY_PACKAGE.matcher(type.getPackageName()).matches()
                || (EMPTY_CLASS.matcher(type.getSimpleName()).matches()
                    && !NAMED_BY_THEIR_DOCUMENT.contains(type.getSimpleName()));
        events.add(new SimpleConditionEvent(type, empty, type.getName() + " says nothing"));
      }
    };
  }

  private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
    return new ArchCondition<>("live in a @NullMarked package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(
            new SimpleConditionEvent(type, marked, type.getPackageName() + " is not @NullMarked"));
      }
    };
  }
}
