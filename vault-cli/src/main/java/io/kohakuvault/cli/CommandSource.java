package io.kohakuvault.cli;

import java.util.Map;

/** Commands that another jar brings, found by {@link java.util.ServiceLoader}. */
public interface CommandSource {
    /**
     * The commands.
     *
     * @return classes of picocli's by the names of the commands; one that is here already is replaced
     */
    Map<String, Class<?>> commands();
}
