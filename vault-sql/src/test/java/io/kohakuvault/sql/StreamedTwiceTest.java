package io.kohakuvault.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that read a view more often than they name it. */
class StreamedTwiceTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH c AS NOT MATERIALIZED (SELECT n FROM t) SELECT a.n FROM c a JOIN c b USING (n)",
                "WITH c AS NOT MATERIALIZED (SELECT n FROM t) SELECT n FROM c UNION ALL SELECT n FROM c",
                "WITH c AS (SELECT n FROM t WHERE n < 100000000) SELECT n FROM c UNION ALL SELECT n FROM c",
                "SELECT n, (SELECT max(n) FROM t b WHERE b.n = a.n) m FROM t a",
                "SELECT n FROM t LIMIT 10",
                "FROM t SELECT n WHERE n IN (SELECT n FROM t) ORDER BY n",
                "WITH RECURSIVE r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r, (SELECT max(n) m FROM t) WHERE i < 3) SELECT i FROM r",
                "SELECT a.n FROM (SELECT n FROM t) a, LATERAL (SELECT count(*) c FROM t b WHERE b.n = a.n) x",
            })
    void aResultIsTheSameAsAStream(String query) throws Exception {
        try (Vault vault = Vault.open(folder.resolve("v.db"))) {
            vault.tables()
                    .ensure("t", s -> s.column("n", DType.I64))
                    .appendColumns(c -> c.set("n", LongStream.range(0, 300000).toArray()));
            try (VaultSql sql = VaultSql.open(vault)) {
                long rows;
                try (Connection c = sql.connection();
                        Statement s = c.createStatement();
                        ResultSet r = s.executeQuery("SELECT count(*) FROM (" + query + ")")) {
                    r.next();
                    rows = r.getLong(1);
                }
                long direct = 0;
                try (Connection c = sql.connection();
                        Statement s = c.createStatement();
                        ResultSet r = s.executeQuery(query)) {
                    while (r.next()) {
                        direct++;
                    }
                }
                assertThat(direct).isEqualTo(rows);
                assertThat(sql.insertInto(query, vault, "made")).isEqualTo(rows);
                assertThat(sql.copyToArrow(query, folder.resolve("x.arrow"))).isEqualTo(rows);
            }
        }
    }
}
