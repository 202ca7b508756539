package dev.carillon.testkit.engines;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The C interface of libchdb, as far as it is used. Names and meanings are those of chdb.h. */
interface Chdb extends Library {

  /** Loads the library, in some tens of milliseconds though it has half a gigabyte. */
  static Chdb load(Path library) {
    return Native.load(library.toString(), Chdb.class);
  }

  @Nullable PointerByReference chdb_connect(int argc, StringArray argv);

  void chdb_close_conn(PointerByReference connection);

  Pointer chdb_query_with_params_n(
      Pointer connection,
      byte[] query,
      long queryLength,
      byte[] format,
      long formatLength,
      Pointer[] names,
      long[] nameLengths,
      Pointer[] values,
      long[] valueLengths,
      long count);

  Pointer chdb_query_n(
      Pointer connection, byte[] query, long queryLength, byte[] format, long formatLength);

  @Nullable Pointer chdb_result_buffer(Pointer result);

  long chdb_result_length(Pointer result);

  @Nullable Pointer chdb_result_error(Pointer result);

  void chdb_destroy_query_result(Pointer result);
}
