package dev.carillon.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.networknt.schema.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The schemas that come with the library: the fourteen types of the gym's events, version 1. */
final class DomainSchemas {

  static final int VERSION = 1;

  private DomainSchemas() {}

  /** Reads a schema; it is compiled when it is first used, since most programs use a few. */
  static VersionedSchema read(String type, SchemaCompiler compiler) {
    String file = type + ".v" + VERSION + ".json";
    try (InputStream in = DomainSchemas.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the library lacks " + file);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new VersionedSchema(text, new Once(() -> compile(file, text, compiler)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Schema compile(String file, String text, SchemaCompiler compiler) {
    try {
      return compiler.compile(file, DataJson.CHECKING.readTree(text));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a schema when it is first asked for. */
  private static final class Once implements Supplier<Schema> {

    private final Supplier<Schema> making;
    private volatile @Nullable Schema made;

    Once(Supplier<Schema> making) {
      this.making = making;
    }

    @Override
    public Schema get() {
      Schema schema = made;
      if (schema == null) {
        schema = making.get(); // two threads may make it twice, which does no harm
        made = schema;
      }
      return schema;
    }
  }
}
