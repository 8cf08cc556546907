package io.kohakuvault.internal.state;

import io.kohakuvault.internal.page.Moment;
import org.jspecify.annotations.Nullable;

/**
 * What was read from the newest state of the file, with that state, so that it need not be read again while no commit
 * has followed. Immutable.
 *
 * @param moment the state, null where it cannot be distinguished from its neighbours: then it is read again each time
 * @param logSwitches {@link io.kohakuvault.internal.sqlite.SqliteFile#logSwitches} when it was read
 */
public record Remembered<T>(T value, @Nullable Moment moment, int logSwitches) {}
