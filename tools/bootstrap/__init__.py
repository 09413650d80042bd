"""Makes a checkout ready to run, to test or to check; standard library only, nothing twice."""
