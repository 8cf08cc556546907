package io.kohakuvault.internal.vec0;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What sqlite-vec 0.1.9 says to the same declarations was tried by hand; vec0_tables.py has those that it makes. */
class DeclarationTest {
    private static Vec0Table parse(String sql) throws DeclarationException {
        ModuleCall call = ModuleCall.parse(sql);
        assertThat(call.module()).isEqualToIgnoringCase("vec0");
        return Declaration.parse(call.table(), call);
    }

    private static Vec0Table vec0(String arguments) throws DeclarationException {
        return parse("CREATE VIRTUAL TABLE t USING vec0(" + arguments + ")");
    }

    @Test
    void columnsAreNumberedByKindInTheOrderOfTheDeclaration() throws DeclarationException {
        Vec0Table table = vec0("lang TEXT, other f32[3] distance_metric=l1, user int partition key, value_ref INTEGER, "
                + "+note text, ok bool, id integer primary key, vector FLOAT [ 4 ] DISTANCE_METRIC = Cosine, tiny bit[16], "
                + "score double, +size int, chunk_size=64");
        assertThat(table.vectors())
                .extracting(VectorColumn::name, VectorColumn::describe)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("other", "float 3 l1"),
                        org.assertj.core.groups.Tuple.tuple("vector", "float 4 cosine"),
                        org.assertj.core.groups.Tuple.tuple("tiny", "bit 16 hamming"));
        assertThat(table.metadata())
                .extracting(MetadataColumn::type)
                .containsExactly(MetadataType.TEXT, MetadataType.INTEGER, MetadataType.BOOLEAN, MetadataType.FLOAT);
        assertThat(table.auxiliary()).containsExactly("note", "size");
        assertThat(table.partitions()).containsExactly("user");
        assertThat(table.textKey()).isNull();
        assertThat(table.slots()).isEqualTo(64);
        assertThat(table.vectorNumber()).isEqualTo(1);
        assertThat(table.vectorChunks(1)).isEqualTo("\"t_vector_chunks01\"");
        assertThat(table.referenceNumber()).isEqualTo(1);
        assertThat(table.metadataChunks(12)).isEqualTo("\"t_metadatachunks12\"");
        assertThat(table.unfilled()).isEqualTo("other, tiny, lang, ok, score");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE VIRTUAL TABLE t USING vec0(value_ref INTEGER, vector float[4])",
                "create virtual table \"t\" using \"VEC0\" (value_ref i,vector\n\tFloat32\r[4]distance_metric=l2,)",
                "CREATE VIRTUAL TABLE IF NOT EXISTS main . [t] USING Vec0(vector f32[4] -- a, comment\n, value_ref int64 not null)",
                "CREATE VIRTUAL TABLE `t` /* USING fts5(x) */ USING vec0(/* a, b */ vector float[4], value_ref integer default (1, 2), chunk_size=8, chunk_size=1024)",
                "CREATE VIRTUAL TABLE 't' USING vec0(, vector float[4] distance_metric=cosine distance_metric=l, value_ref INTEGER check (value_ref <> ','), c=1024)"
            })
    void spellingsOfTheSameTable(String sql) throws DeclarationException {
        Vec0Table table = parse(sql);
        assertThat(table.name()).isEqualTo("t");
        assertThat(table.sameAs(vec0("value_ref INTEGER, vector float[4]"))
                        || table.sameAs(vec0("vector float[4], value_ref INTEGER")))
                .isTrue();
        assertThat(table.unread()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "value_ref INTEGER",
                "vector float[0]",
                "vector float[8193]",
                "vector float[99999999999]",
                "vector float[-4]",
                "vector float[+4]",
                "vector float[4x]",
                "vector float[4",
                "vector float()",
                "vector float(4)", // a vector column to 0.1.9, a metadata column to 0.1.6
                "vector float[4] distance_metric",
                "vector float[4] distance_metric=hamming",
                "vector float[4] distance_metric=cosime",
                "vector bit[8] distance_metric=l2",
                "vector float[4] /* x */ distance_metric=l2",
                "vector float[4] INDEXED BY flat()",
                "vector float[4], VECTOR float[4]",
                "vector float[4], vector int",
                "\"vector\" float[4]",
                "vector /* x */ float[4]",
                "_vector float[4]",
                "vector float[4], chunk_size=0",
                "vector float[4], chunk_size=12",
                "vector float[4], chunk_size=4104",
                "vector float[4], chunk_size=eight",
                "vector float[4], chunk_size=8 9",
                "vector float[4], page_size=8",
                "vector float[4], a integer primary key, b integer primary key",
                "vector float[4], score float not null",
                "vector float[4], + + text",
                "vector float[4], name blob",
                "vector float[4], name",
                "vector float[4], 'x'",
                "vector float[4], =",
                "v float[4], a int partition key, b int partition key, c int partition key, d int partition key, e int partition key"
            })
    void whatSqliteVecRefusesOrTakesForSomethingElseIsNotUnderstood(String arguments) {
        assertThatThrownBy(() -> vec0(arguments)).isInstanceOf(DeclarationException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "vector bit[12], value_ref INTEGER;multiple of 8",
                "vector float[4], value_ref FLOAT;FLOAT",
                "embedding float[4], value_ref INTEGER;named vector",
                "vector float[4], value_ref INTEGER, k TEXT PRIMARY KEY;key k",
                "vector float[4], value_ref INTEGER, a TEXT PARTITION KEY, b int partition key;a, b",
                "vector float[4], +value_ref INTEGER;auxiliary",
                "vector float[4], value_ref INTEGER partition key;partition key value_ref"
            })
    void whatKeepsATableFromBeingReadIsNamed(String arguments, String reason) throws DeclarationException {
        assertThat(vec0(arguments).unread()).contains(reason);
    }

    @Test
    void noTextMakesTheParserFailOtherwise() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] parts = {
            "CREATE",
            "VIRTUAL",
            "TABLE",
            "USING",
            "vec0",
            "t",
            "(",
            ")",
            ",",
            "float",
            "[",
            "]",
            "4",
            "=",
            "+",
            "'",
            "\"",
            "`",
            "--",
            "/*",
            "*/",
            "\n",
            " ",
            "vector",
            "value_ref",
            "int",
            "text",
            "primary",
            "partition",
            "key",
            "distance_metric",
            "chunk_size",
            "é",
            "\0",
            "99999999999999999999"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder sql = new StringBuilder(i % 2 == 0 ? "CREATE VIRTUAL TABLE t USING vec0(" : "");
            for (int n = random.nextInt(20); n > 0; n--) {
                sql.append(parts[random.nextInt(parts.length)]).append(random.nextBoolean() ? " " : "");
            }
            try {
                ModuleCall call = ModuleCall.parse(sql.toString());
                Vec0Table table = Declaration.parse("t", call);
                assertThat(table.slots()).isBetween(8, 4096);
            } catch (DeclarationException e) {
                assertThat(e).as("seed %d: %s", seed, sql).hasMessageContaining("declar");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + sql, e);
            }
        }
    }
}
