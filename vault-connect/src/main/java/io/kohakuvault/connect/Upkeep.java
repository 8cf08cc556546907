package io.kohakuvault.connect;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * When files and rows are looked at for their age.
 *
 * @param clock the time of day
 * @param everyNanos how much time is between two looks
 */
record Upkeep(Clock clock, long everyNanos) {
    static Upkeep normal() {
        return new Upkeep(Clock.systemUTC(), TimeUnit.SECONDS.toNanos(1));
    }
}
