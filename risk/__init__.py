"""What the law and the lists mean for a fleet: policies, screening, exposure."""
