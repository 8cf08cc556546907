package io.kohakuvault.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways back to a connection lead to the one whose statements read one state each. */
class OneConnectionTest {
    @TempDir
    Path folder;

    private Vault vault;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        vault = Vault.open(folder.resolve("v.db"));
        vault.tables().ensure("t", s -> s.column("n", DType.I64)).append(row -> row.set("n", 1));
        connection = VaultSql.connect(vault);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        vault.close();
    }

    @Test
    void metaDataIsOfTheConnectionThatWasAsked() throws SQLException {
        assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
        assertThat(connection.createStatement().getConnection()).isSameAs(connection);
        try (ResultSet columns = connection.getMetaData().getColumns(null, "main", "t", "%")) {
            assertThat(columns.next()).isTrue();
            assertThat(columns.getString("COLUMN_NAME")).isEqualTo("n");
        }
    }

    @Test
    void resultsThatDuckDbHasNotAreRefused() throws SQLException {
        int scrolled = ResultSet.TYPE_SCROLL_INSENSITIVE;
        int updatable = ResultSet.CONCUR_UPDATABLE;
        assertThatThrownBy(() -> connection.createStatement(scrolled, ResultSet.CONCUR_READ_ONLY))
                .isInstanceOf(SQLFeatureNotSupportedException.class);
        assertThatThrownBy(() -> connection.prepareStatement("SELECT n FROM t", scrolled, updatable))
                .isInstanceOf(SQLFeatureNotSupportedException.class);
        try (var statement = connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
                var rows = statement.executeQuery("SELECT n FROM t")) {
            assertThat(rows.next()).isTrue();
        }
        connection.close();
        assertThatThrownBy(connection::createStatement).isInstanceOf(SQLException.class);
        assertThatThrownBy(connection::getMetaData).isInstanceOf(SQLException.class);
    }
}
