"""`make bench`: what pages cost, as ratios to an empty Flask page under the same server in the same run."""
