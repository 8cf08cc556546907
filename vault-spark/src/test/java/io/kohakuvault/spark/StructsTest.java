package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maps and values of MessagePack as structs that a schema names. */
class StructsTest {
    private static final int ROWS = 10_000;

    @TempDir
    Path folder;

    private Dataset<Row> read(String schema) {
        return Local.spark().read().format("kohakuvault").schema(schema).load(folder.toString());
    }

    private void write() {
        Local.table(
                folder.resolve("structs.db"),
                "t",
                s -> s.column("id", DType.I64)
                        .nullable("m", new LogicalType.MapOf())
                        .column("p", DType.MSGPACK),
                table -> {
                    var batch = table.newBatch();
                    for (int i = 0; i < ROWS; i++) {
                        int n = i;
                        batch.add(row -> {
                            row.set("id", n)
                                    .setObject(
                                            "p",
                                            List.of(
                                                    Map.of("x", n / 2.0, "y", Map.of("z", "z" + n)),
                                                    Map.of("x", -1.0)));
                            if (n % 3 > 0) {
                                row.set(
                                        "m",
                                        n % 3 == 1 ? Map.of("n", n, "s", List.of("a", "b" + n)) : Map.of("other", 1));
                            }
                        });
                    }
                    table.append(batch);
                });
    }

    @Test
    void fieldsAreWhatTheMapHasUnderTheirNames() {
        write();
        Dataset<Row> rows =
                read("id bigint, m struct<s:array<string>,n:int>, p array<struct<x:double,y:struct<z:string>>>");
        assertThat(rows.filter("id < 3").orderBy("id").select("m", "p").collectAsList())
                .extracting(Row::toString)
                .containsExactly(
                        "[null,ArraySeq([0.0,[z0]], [-1.0,null])]",
                        "[[ArraySeq(a, b1),1],ArraySeq([0.5,[z1]], [-1.0,null])]",
                        "[[null,null],ArraySeq([1.0,[z2]], [-1.0,null])]");
        assertThat(rows.selectExpr("count(m)", "count(m.n)", "sum(m.n)", "max(m.s[1])", "sum(p[0].x)", "max(p[0].y.z)")
                        .first())
                .hasToString("[6666,3333,16661667,b9997,2.49975E7,z9999]");
        assertThat(rows.filter("m.n > 9990").select("id").orderBy("id").collectAsList())
                .hasToString("[[9991], [9994], [9997]]");
        assertThat(rows.filter("m is null").count()).isEqualTo(3334);
    }

    @Test
    void aValueThatIsNoMapSaysSo() {
        Local.table(
                folder.resolve("list.db"),
                "t",
                s -> s.column("p", DType.MSGPACK),
                table -> table.append(row -> row.setObject("p", List.of(1))));
        assertThatThrownBy(() -> read("p struct<a:int>").collectAsList())
                .satisfies(e -> assertThat(Local.messages(e))
                        .contains("column 'p': a value is no struct<a:int>, as the schema says: "));
    }
}
