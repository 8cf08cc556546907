package io.kohakuvault.cli.sql;

import io.kohakuvault.cli.CommandSource;
import java.util.Map;

/** What this jar brings. */
public final class SqlCommands implements CommandSource {
    @Override
    public Map<String, Class<?>> commands() {
        return Map.of("sql", SqlCommand.class);
    }
}
