package dev.carillon.hub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.clickhouse.client.api.data_formats.RowBinaryFormatWriter;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.data.ClickHouseColumn;
import com.clickhouse.data.ClickHouseFormat;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Beside the writer of ClickHouse's client. */
class RowBinaryTest {

  private static final TableSchema COLUMNS =
      new TableSchema(
          ClickHouseColumn.parse("a UUID, b Int64, c Int8, d Bool, e Float64, f String, g String"));
  private static final int[] LENGTHS = {0, 1, 127, 128, 16_383, 16_384, 65_535, 65_536, 65_537};

  @Test
  void writesTheSameBytes() throws Exception {
    Random random = new Random(7);
    ByteArrayOutputStream theirs = new ByteArrayOutputStream();
    RowBinaryFormatWriter peer =
        new RowBinaryFormatWriter(theirs, COLUMNS, ClickHouseFormat.RowBinary);
    ByteArrayOutputStream ours = new ByteArrayOutputStream();
    RowBinary rows = new RowBinary(ours);
    for (int i = 0; i < 2_000; i++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      long number = random.nextLong();
      byte[] bytes = new byte[i % 50 == 0 ? LENGTHS[i / 50 % LENGTHS.length] : random.nextInt(500)];
      random.nextBytes(bytes);
      String text = "\u00fc\ud83d\ude00" + "x".repeat(random.nextInt(300));

      rows.uuid(id).int64(number).int8(i).bool(i % 3 == 0).float64(number / 7.0);
      rows.string(bytes).string(text);

      peer.setValue(1, id);
      peer.setLong(2, number);
      peer.setByte(3, (byte) i);
      peer.setBoolean(4, i % 3 == 0);
      peer.setDouble(5, number / 7.0);
      peer.setString(6, bytes);
      peer.setString(7, text);
      peer.commitRow();
    }
    rows.flush();
    assertThat(ours.toByteArray()).isEqualTo(theirs.toByteArray());
  }
}
