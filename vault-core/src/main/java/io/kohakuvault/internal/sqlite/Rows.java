package io.kohakuvault.internal.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The rows of a query, read forwards. Columns count from 0. Must be closed; not thread-safe. */
public final class Rows implements AutoCloseable {
    private final Session session;
    private final String sql;
    private final PreparedStatement statement;
    private final ResultSet rows;

    Rows(Session session, String sql, PreparedStatement statement, ResultSet rows) {
        this.session = session;
        this.sql = sql;
        this.statement = statement;
        this.rows = rows;
    }

    /** Goes to the next row; false at the end. */
    public boolean next() {
        try {
            return rows.next();
        } catch (SQLException e) {
            throw session.failure(e, sql);
        }
    }

    public long getLong(int column) {
        try {
            return rows.getLong(column + 1);
        } catch (SQLException e) {
            throw session.failure(e, sql);
        }
    }

    /** The value as an int; a value outside its range is damage, because no writer stores one where this is used. */
    public int getInt(int column) {
        long value = getLong(column);
        return (int) value == value ? (int) value : -1;
    }

    public double getDouble(int column) {
        try {
            return rows.getDouble(column + 1);
        } catch (SQLException e) {
            throw session.failure(e, sql);
        }
    }

    public @Nullable String getString(int column) {
        try {
            return rows.getString(column + 1);
        } catch (SQLException e) {
            throw session.failure(e, sql);
        }
    }

    public byte @Nullable [] getBytes(int column) {
        try {
            return rows.getBytes(column + 1);
        } catch (SQLException e) {
            throw session.failure(e, sql);
        }
    }

    /** The value when it is a BLOB, else null. */
    public byte @Nullable [] getBlob(int column) {
        try {
            return rows.getObject(column + 1) instanceof byte[] bytes ? bytes : null;
        } catch (SQLException e) {
            throw session.failure(e, sql);
        }
    }

    @Override
    public void close() {
        try {
            rows.close();
        } catch (SQLException e) {
            throw session.failure(e, sql);
        } finally {
            session.giveBack(sql, statement);
        }
    }
}
