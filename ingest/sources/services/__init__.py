"""Sources that ask services which judge code: Codecov, SonarQube and SonarCloud, OpenSSF Scorecard."""
