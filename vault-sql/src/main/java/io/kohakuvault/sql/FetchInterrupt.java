package io.kohakuvault.sql;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Ends what DuckDB computes while rows of a stream are fetched. The driver's {@code cancel()} does so only while a
 * statement is executed, and has no other way to it, so its native function is called as it does itself. Where the
 * driver has none of that name, or is a module that does not open itself, a fetch goes on until its next rows.
 */
final class FetchInterrupt {
    private static final @Nullable Field HANDLE = handle();
    private static final @Nullable Method INTERRUPT = interrupt();

    private FetchInterrupt() {}

    private static @Nullable Field handle() {
        try {
            Field handle = DuckDBConnection.class.getDeclaredField("connRef");
            handle.setAccessible(true);
            return handle;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    private static @Nullable Method interrupt() {
        try {
            Method method = Class.forName("org.duckdb.DuckDBNative", true, DuckDBConnection.class.getClassLoader())
                    .getDeclaredMethod("duckdb_jdbc_interrupt", ByteBuffer.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /** Interrupts a connection, which its caller keeps from being closed meanwhile. */
    static void of(DuckDBConnection connection) {
        if (HANDLE == null || INTERRUPT == null) {
            return;
        }
        try {
            Object handle = HANDLE.get(connection);
            if (handle != null) {
                INTERRUPT.invoke(null, handle);
            }
        } catch (ReflectiveOperationException e) {
            // it is closed by now
        }
    }
}
