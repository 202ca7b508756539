package dev.carillon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Either a file or one event of a type, with data. */
final class TypedInput extends FileInput {

  @ArgGroup(exclusive = false, heading = "%nOne event:%n")
  @Nullable One event;

  /** One event described by flags. */
  static final class One {
    @Option(names = "--type", required = true, paramLabel = "TYPE", description = "Its type.")
    String type = "";

    @Option(
        names = "--data",
        paramLabel = "JSON",
        defaultValue = "{}",
        description = "What there is to say beyond its type, a JSON object.")
    private String data = "";

    ObjectNode data() throws BadMessageException {
      return LineJson.object("--data", data);
    }
  }
}
