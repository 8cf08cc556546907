package io.kohakuvault.connect;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Stands still, at ten past ten in the evening of a month's last day, until it is told to go on. */
final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-01-31T22:10:00Z");

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return now;
    }

    void goOn(Duration by) {
        now = now.plus(by);
    }
}
