package io.kohakuvault.connect;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The counters of one task. Thread-safe. */
final class SinkMetrics implements SinkMetricsMXBean, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SinkMetrics.class);

    /** Which metrics are shown under a connector's name and a task's number. */
    private static final Map<String, SinkMetrics> SHOWN = new ConcurrentHashMap<>();

    private final LongAdder accepted = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicLong lastCommit = new AtomicLong();
    private final LongAdder retries = new LongAdder();
    private final LongAdder fenced = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final AtomicLong behind = new AtomicLong();

    private final String connector;
    private final String task;

    SinkMetrics(String connector, String task) {
        this.connector = connector;
        this.task = task;
    }

    private ObjectName name() throws JMException {
        return new ObjectName("io.kohakuvault.connect:type=sink-task,connector=" + ObjectName.quote(connector)
                + ",task=" + ObjectName.quote(task));
    }

    /** Shows them; in the place of those of a task of before, where its worker has given it up. */
    SinkMetrics register() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            if (server.isRegistered(name())) {
                server.unregisterMBean(name());
            }
            server.registerMBean(this, name());
            SHOWN.put(connector + "/" + task, this);
        } catch (JMException e) {
            LOG.warn("no metrics by JMX", e);
        }
        return this;
    }

    @Override
    public void close() {
        if (SHOWN.remove(connector + "/" + task, this)) { // else a successor of the same number has its place
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name());
            } catch (JMException e) {
                LOG.debug("metrics stay", e);
            }
        }
    }

    void accepted(long records) {
        accepted.add(records);
    }

    void committed(Batch batch, long nanos) {
        written.add(batch.size() - batch.writes().rejected().size());
        rejected.add(batch.writes().rejected().size());
        bytes.add(batch.sizeBytes());
        commits.increment();
        commitNanos.add(nanos);
        longestNanos.accumulateAndGet(nanos, Math::max);
        lastCommit.set(System.currentTimeMillis());
    }

    void dropped(long records) {
        dropped.add(records);
    }

    void behind(long offsets) {
        behind.set(offsets);
    }

    void retried() {
        retries.increment();
    }

    void wasFenced() {
        fenced.increment();
    }

    @Override
    public long getRecordsWritten() {
        return written.sum();
    }

    @Override
    public long getRecordsRejected() {
        return rejected.sum();
    }

    @Override
    public long getRecordsWaiting() {
        return Math.max(0, accepted.sum() - written.sum() - rejected.sum() - dropped.sum());
    }

    @Override
    public long getOffsetLag() {
        return behind.get();
    }

    @Override
    public long getBytesWritten() {
        return bytes.sum();
    }

    @Override
    public long getCommits() {
        return commits.sum();
    }

    @Override
    public long getCommitMillis() {
        return commitNanos.sum() / 1_000_000;
    }

    @Override
    public long getCommitMillisMax() {
        return longestNanos.get() / 1_000_000;
    }

    @Override
    public long getLastCommitTime() {
        return lastCommit.get();
    }

    @Override
    public long getRetries() {
        return retries.sum();
    }

    @Override
    public long getFenced() {
        return fenced.sum();
    }
}
