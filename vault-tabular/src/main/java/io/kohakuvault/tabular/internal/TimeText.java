package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.LogicalType.TimeUnit;
import java.time.Instant;

/**
 * What some characters say as a day or a point in time in ISO 8601: {@code 2024-01-02}, {@code
 * 2024-01-02T03:04:05.678Z}, with a space in place of the T, with an offset, or with neither. Years beyond 9999 have a
 * sign. Used again for the next one; not thread-safe.
 */
final class TimeText {
    /** What it is. */
    enum Kind {
        NONE,
        /** A day. */
        DATE,
        /** A time that says nothing of where. */
        LOCAL,
        /** A time in UTC. */
        UTC,
        /** A time with another offset, which {@link #second} has taken off. */
        OFFSET
    }

    private static final int SECONDS_PER_DAY = 86_400;

    private byte[] bytes = {};
    private int at;
    private int to;

    private long day;
    private long second;
    private int nano;

    Kind parse(byte[] buffer, int start, int end) {
        bytes = buffer;
        at = start;
        to = end;
        nano = 0;
        if (end - start < 10 || !date()) {
            return Kind.NONE;
        } else if (at == to) {
            return Kind.DATE;
        }
        byte separator = bytes[at++];
        if (separator != 'T' && separator != 't' && separator != ' ') {
            return Kind.NONE;
        }
        int time = time();
        if (time < 0) {
            return Kind.NONE;
        }
        second = day * SECONDS_PER_DAY + time;
        return at == to ? Kind.LOCAL : offset();
    }

    /** Days since 1970; of a time as well. */
    long day() {
        return day;
    }

    /** The instant, of a local time as if it were in UTC. */
    Instant instant() {
        return Instant.ofEpochSecond(second, nano);
    }

    /** Whether the time is a whole number of these units since 1970 that 64 bits hold. */
    boolean fits(TimeUnit unit) {
        long perSecond = perSecond(unit);
        if (!isWhole(unit)) {
            return false;
        } else if (unit == TimeUnit.S) {
            return second >= Instant.MIN.getEpochSecond() && second <= Instant.MAX.getEpochSecond();
        }
        long rest = nano / (1_000_000_000L / perSecond);
        long first = Math.floorDiv(Long.MIN_VALUE, perSecond);
        long last = Math.floorDiv(Long.MAX_VALUE, perSecond);
        return (second > first || (second == first && rest >= Math.floorMod(Long.MIN_VALUE, perSecond)))
                && (second < last || (second == last && rest <= Math.floorMod(Long.MAX_VALUE, perSecond)));
    }

    boolean isWhole(TimeUnit unit) {
        return nano % (1_000_000_000L / perSecond(unit)) == 0;
    }

    /** After {@link #fits}. */
    long units(TimeUnit unit) {
        long perSecond = perSecond(unit);
        return second * perSecond + nano / (1_000_000_000L / perSecond);
    }

    static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case S -> 1;
            case MS -> 1_000;
            case US -> 1_000_000;
            case NS -> 1_000_000_000;
        };
    }

    private boolean date() {
        boolean signed = bytes[at] == '-' || bytes[at] == '+';
        boolean negative = bytes[at] == '-';
        int start = signed ? at + 1 : at;
        long year = 0;
        at = start;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9' && at - start < 10) {
            year = year * 10 + bytes[at++] - '0';
        }
        int digits = at - start;
        boolean usual = digits == 4 && (!signed || (negative && year > 0));
        boolean large = signed && digits > 4 && bytes[start] != '0' && year <= 1_000_000_000;
        if (!(usual || large) || !is('-')) {
            return false;
        }
        int month = two(1, 12);
        if (month < 0 || !is('-')) {
            return false;
        }
        year = negative ? -year : year;
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int last = month == 2 ? (leap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
        int dayOfMonth = two(1, last);
        if (dayOfMonth < 0) {
            return false;
        }
        day = epochDay(year, month, dayOfMonth);
        return true;
    }

    /** Counts years from March on, so that the leap day ends one. */
    private static long epochDay(long year, int month, int dayOfMonth) {
        long y = month > 2 ? year : year - 1;
        long era = Math.floorDiv(y, 400L);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayOfMonth - 1;
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
    }

    /** Hours and minutes, seconds, a fraction: the second of the day, or -1. */
    private int time() {
        int hour = two(0, 23);
        if (hour < 0 || !is(':')) {
            return -1;
        }
        int minute = two(0, 59);
        if (minute < 0) {
            return -1;
        }
        int seconds = 0;
        if (at < to && bytes[at] == ':') {
            at++;
            seconds = two(0, 59);
            if (seconds < 0) {
                return -1;
            }
            if (at < to && bytes[at] == '.') {
                at++;
                int digits = 0;
                while (at < to && bytes[at] >= '0' && bytes[at] <= '9' && digits < 9) {
                    nano = nano * 10 + bytes[at++] - '0';
                    digits++;
                }
                if (digits == 0) {
                    return -1;
                }
                for (; digits < 9; digits++) {
                    nano *= 10;
                }
            }
        }
        return hour * 3600 + minute * 60 + seconds;
    }

    private Kind offset() {
        byte sign = bytes[at++];
        if (sign == 'Z' || sign == 'z') {
            return at == to ? Kind.UTC : Kind.NONE;
        } else if (sign != '+' && sign != '-') {
            return Kind.NONE;
        }
        int hours = two(0, 18);
        int minutes = 0;
        if (hours >= 0 && at < to) {
            if (bytes[at] == ':') {
                at++;
            }
            minutes = two(0, 59);
        }
        int seconds = hours * 3600 + minutes * 60;
        if (hours < 0 || minutes < 0 || at != to || seconds > 18 * 3600) {
            return Kind.NONE;
        }
        second -= sign == '-' ? -seconds : seconds;
        return seconds == 0 ? Kind.UTC : Kind.OFFSET;
    }

    private boolean is(char c) {
        return at < to && bytes[at++] == c;
    }

    /** Two digits in a range, or -1. */
    private int two(int least, int most) {
        if (at + 2 > to) {
            return -1;
        }
        int tens = bytes[at] - '0';
        int ones = bytes[at + 1] - '0';
        int value = tens * 10 + ones;
        if (tens < 0 || tens > 9 || ones < 0 || ones > 9 || value < least || value > most) {
            return -1;
        }
        at += 2;
        return value;
    }
}
