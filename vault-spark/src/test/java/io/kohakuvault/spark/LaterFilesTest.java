package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that come after a reading was made, with columns of nulls or without them. */
class LaterFilesTest {
    @TempDir
    Path folder;

    private Dataset<Row> first() {
        Local.table(
                folder.resolve("a.db"),
                "t",
                s -> s.column("id", DType.I64).column("x", DType.I64),
                table -> table.append(row -> row.set("id", 1).set("x", 7)));
        return Local.read("t", folder);
    }

    private void check(Dataset<Row> rows) {
        for (Dataset<Row> query : List.of(
                rows,
                Local.read("t", folder),
                Local.spark()
                        .read()
                        .format("kohakuvault")
                        .schema(new StructType()
                                .add("id", DataTypes.LongType, false)
                                .add("x", DataTypes.LongType, false))
                        .load(folder.toString()))) {
            assertThat(query.filter("x is null").count()).isEqualTo(1);
            assertThat(query.filter("x is not null").count()).isEqualTo(1);
            assertThat(query.selectExpr("count(x)", "sum(x)").first()).hasToString("[1,7]");
            assertThat(query.selectExpr("id", "x + 1").orderBy("id").collectAsList())
                    .hasToString("[[1,8], [2,null]]");
        }
    }

    @Test
    void aNullableColumn() {
        Dataset<Row> rows = first();
        Local.table(
                folder.resolve("b.db"),
                "t",
                s -> s.column("id", DType.I64).nullable("x", DType.I64),
                table -> table.append(row -> row.set("id", 2)));
        check(rows);
    }

    @Test
    void aMissingColumn() {
        Dataset<Row> rows = first();
        Local.table(
                folder.resolve("b.db"),
                "t",
                s -> s.column("id", DType.I64),
                table -> table.append(row -> row.set("id", 2)));
        check(rows);
    }
}
