package io.kohakuvault.connect.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A record of the load. It says its number, and all else in it follows from that, so that whoever reads it from a topic
 * or a file can tell what it must be.
 *
 * @param kind what the sink makes of it
 * @param number its number in its topic, which no other record has; of a tombstone the least one of its key
 */
record Sample(Kind kind, long number) {
    /** So few that each of them is written many times. */
    private static final int KEYS = 500;

    private static final String UNREADABLE = "{this is no JSON ";
    private static final String UNFIT = "{\"n\":\"no number ";
    private static final String NUMBER = "{\"n\":";
    private static final String TEXT = "record ";
    private static final int DIGIT = 4_096;

    /** What the sink makes of a record. */
    enum Kind {
        /** A row, an entry, a document and a vector. */
        GOOD,
        /** Nothing but that its key is gone from the key-values. */
        TOMBSTONE,
        /** The converter fails: a dead letter. */
        UNREADABLE,
        /** It has a field that the table does not take: a dead letter. */
        UNFIT;

        boolean isPoison() {
            return this == UNREADABLE || this == UNFIT;
        }
    }

    String key() {
        return "key" + number % KEYS;
    }

    @Nullable
    String json() {
        return switch (kind) {
            case GOOD ->
                NUMBER + number + ",\"word\":\"" + text() + "\",\"vec\":[1," + number % DIGIT + "," + number / DIGIT
                        + "]}";
            case TOMBSTONE -> null;
            case UNREADABLE -> UNREADABLE + number;
            case UNFIT -> UNFIT + number + "\",\"word\":\"" + text() + "\",\"vec\":[1,2,3]}";
        };
    }

    String text() {
        return TEXT + number + " of the load";
    }

    float[] vector() {
        return new float[] {1, number % DIGIT, number / DIGIT};
    }

    static long numberOf(String text) {
        return Long.parseLong(text.substring(TEXT.length(), text.indexOf(' ', TEXT.length())));
    }

    static long numberOf(float[] vector) {
        return (long) vector[1] + DIGIT * (long) vector[2];
    }

    /**
     * The sample that a record is.
     *
     * @throws IllegalStateException when the load did not send it
     */
    static Sample of(String key, @Nullable String value) {
        Sample sample;
        if (value == null) {
            sample = new Sample(Kind.TOMBSTONE, Long.parseLong(key.substring("key".length())));
        } else if (value.startsWith(UNREADABLE)) {
            sample = new Sample(Kind.UNREADABLE, Long.parseLong(value.substring(UNREADABLE.length())));
        } else if (value.startsWith(UNFIT)) {
            sample =
                    new Sample(Kind.UNFIT, Long.parseLong(value.substring(UNFIT.length(), value.indexOf("\",\"word"))));
        } else {
            sample = new Sample(Kind.GOOD, Long.parseLong(value.substring(NUMBER.length(), value.indexOf(','))));
        }
        if (!sample.key().equals(key) || (value != null && !value.equals(sample.json()))) {
            throw new IllegalStateException("a topic holds what the load did not send: " + key + " " + value);
        }
        return sample;
    }
}
