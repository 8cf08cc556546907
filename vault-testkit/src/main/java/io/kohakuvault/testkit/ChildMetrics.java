package io.kohakuvault.testkit;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What another JVM shows by JMX. */
public final class ChildMetrics {
    private ChildMetrics() {}

    /**
     * An attribute of all beans of a pattern that have it.
     *
     * @param pid the JVM's process
     * @param pattern of names of beans
     */
    @SuppressWarnings("BanJNDI") // a connection to a process of this test's own
    public static List<Object> read(long pid, String pattern, String attribute) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            String address;
            try {
                address = machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
            List<Object> values = new ArrayList<>();
            try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
                MBeanServerConnection server = connector.getMBeanServerConnection();
                for (ObjectName name : server.queryNames(new ObjectName(pattern), null)) {
                    for (var info : server.getMBeanInfo(name).getAttributes()) {
                        if (info.getName().equals(attribute)) {
                            values.add(server.getAttribute(name, attribute));
                        }
                    }
                }
            }
            return values;
        } catch (IOException | AttachNotSupportedException | JMException e) {
            throw new IllegalStateException("metrics of process " + pid + " cannot be read", e);
        }
    }
}
